using EvlActors;
using SenseHat;

string text;
switch (args)
{
    case []:
        using (var demo = new StreamReader(typeof(SessionPlayer).Assembly.GetManifestResourceStream("demo.session")!)) // embedded by the project
            text = await demo.ReadToEndAsync();
        break;
    case ["--script", var file]:
        try
        {
            text = await File.ReadAllTextAsync(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"sensehat: {unreadable.Message}");
            return 1;
        }
        break;
    default:
        Console.Error.WriteLine("sensehat [--script FILE]");
        return 1;
}

try
{
    IReadOnlyList<SessionLine> session = SessionLine.Parse(text);
    await using var machine = new EvlMachine();
    await new SessionPlayer(machine, new SessionOutput(SessionConsole.Standard())).Play(session);
    return 0;
}
catch (SessionException wrong)
{
    Console.Error.WriteLine($"sensehat: {wrong.Message}");
    return 1;
}

using SenseHat;

try
{
    switch (args)
    {
        case []:
            using (var demo = new StreamReader(typeof(SessionRun).Assembly.GetManifestResourceStream("demo.session")!)) // embedded by the project
                await SessionRun.InRealTime(SessionLine.Parse(await demo.ReadToEndAsync()), SessionConsole.Standard());
            return 0;
        case ["--script", var file]:
            SessionRun.InVirtualTime(SessionLine.Parse(await File.ReadAllTextAsync(file)), SessionConsole.Standard());
            return 0;
        default:
            Console.Error.WriteLine("sensehat [--script FILE]");
            return 1;
    }
}
catch (Exception wrong) when (wrong is SessionException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"sensehat: {wrong.Message}");
    return 1;
}

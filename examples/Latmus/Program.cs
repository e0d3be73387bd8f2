using Latmus;

try
{
    LatmusOptions options = LatmusCommandLine.Parse(args);
    if (options.ShowHelp)
    {
        Console.Out.Write(LatmusUsage.Text);
        return ExitStatus.Success;
    }

    foreach (string notice in options.Notices)
        Console.Error.WriteLine($"latmus: {notice}");
    return await LatmusProgram.Run(options, args);
}
catch (UsageException wrong)
{
    Console.Error.WriteLine($"latmus: {wrong.Message}");
    return ExitStatus.Failure;
}

using Latmus;

LatmusOptions options;
try
{
    options = LatmusCommandLine.Parse(args);
}
catch (UsageException wrong)
{
    Console.Error.WriteLine($"latmus: {wrong.Message}");
    return ExitStatus.Failure;
}

if (options.ShowHelp)
    Console.Out.Write(LatmusUsage.Text);
foreach (string notice in options.Notices)
    Console.Error.WriteLine($"latmus: {notice}");
return ExitStatus.Success;

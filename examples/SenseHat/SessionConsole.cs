using Spectre.Console;

namespace SenseHat;

/// <summary>Where a session is printed.</summary>
internal static class SessionConsole
{
    /// <summary>Standard output: coloured in a terminal, as its colours allow, plain text elsewhere.</summary>
    public static IAnsiConsole Standard() => Console.IsOutputRedirected ? Plain(Console.Out) : AnsiConsole.Console;

    /// <summary>Plain text.</summary>
    public static IAnsiConsole Plain(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(output),
    });
}

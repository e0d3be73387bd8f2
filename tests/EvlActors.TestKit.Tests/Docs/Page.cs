using System.Text.RegularExpressions;

namespace EvlActors.TestKit.Tests;

/// <summary>docs/testing.md.</summary>
internal static partial class Page
{
    internal static string Text => File.ReadAllText("testing.md").ReplaceLineEndings("\n");

    internal static IEnumerable<string> CodeBlocks => CodeBlock().Matches(Text).Select(match => Unindented(match.Groups["code"].Value));

    /// <summary>Source as the page shows it: without indentation, and with the modifiers that a driver of another assembly has.</summary>
    internal static string Unindented(string source) => string.Join(
        '\n',
        source.ReplaceLineEndings("\n").Replace("protected internal override", "protected override", StringComparison.Ordinal)
            .Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

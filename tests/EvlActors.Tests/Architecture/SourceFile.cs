using System.Text.RegularExpressions;

namespace EvlActors.Tests.Architecture;

/// <summary>A C# file as the architecture tests see it: its code without comments and strings, and the types it declares.</summary>
internal sealed partial class SourceFile
{
    internal SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Code = CodeText.Of(text);
        TopLevelTypes = [.. Declaration().Matches(Code)
            .Where(match => DepthAt(match.Index) == 0)
            .Select(match => match.Groups["name"].Value)
            .Distinct()]; // twins of another arity share the name
    }

    /// <summary>From the repository's root, with slashes.</summary>
    internal string Path { get; }

    internal string Text { get; }

    internal string Code { get; }

    internal IReadOnlyList<string> TopLevelTypes { get; }

    internal string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The code without the bodies of enums: the names of their members refer to nothing.</summary>
    internal string References => EnumBody().Replace(Code, "${head}{}");

    // A declaration begins a line and has a modifier; generic constraints and a local called record have none.
    [GeneratedRegex(@"^[ \t]*(?:(?:public|internal|private|protected|sealed|static|abstract|partial|readonly|ref|unsafe|file)\s+)+(?:record\s+struct|record\s+class|class|struct|interface|enum|record|delegate\s+[\w<>\[\]?.,]+)\s+(?<name>[A-Za-z_]\w*)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?<head>\benum\s+\w+[^{};]*)\{[^{}]*\}")]
    private static partial Regex EnumBody();

    private int DepthAt(int index) => Code.AsSpan(0, index).Count('{') - Code.AsSpan(0, index).Count('}');
}

namespace EvlActors.Tests.Architecture;

/// <summary>The working copy that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution file.</summary>
    internal static string Root { get; } = FindRoot();

    /// <summary>The C# files below a folder of the repository, without what builds leave there.</summary>
    internal static IReadOnlyList<SourceFile> Sources(string folder)
    {
        string top = Path.Combine(Root, folder.Replace('/', Path.DirectorySeparatorChar));
        return [.. Directory.EnumerateFiles(top, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path))))];
    }

    internal static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    private static string FindRoot()
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "EvlActors.sln")))
                return at;
        }
        throw new InvalidOperationException($"No EvlActors.sln above {AppContext.BaseDirectory}: these tests read the sources they were built from.");
    }
}

using System.Text.RegularExpressions;
using Xunit;

namespace EvlActors.Tests.Architecture;

/// <summary>The solution holds every project, in the solution folder of the folder it lies in: what is not in it is not tested.</summary>
public sealed partial class SolutionTests
{
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("examples")]
    public void Projects_OfAFolder_StandInTheSolutionFolderOfItsName(string folder)
    {
        string solution = Repository.Read("EvlActors.sln");
        Dictionary<string, string> pathOf = Entry().Matches(solution)
            .ToDictionary(match => match.Groups["id"].Value, match => match.Groups["path"].Value.Replace('\\', '/'));
        IEnumerable<string> inSolution = Nesting().Matches(solution)
            .Where(match => pathOf[match.Groups["parent"].Value] == folder)
            .Select(match => pathOf[match.Groups["child"].Value]);
        IEnumerable<string> onDisk = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace(Path.DirectorySeparatorChar, '/'));
        Assert.Equal(onDisk.Order(StringComparer.Ordinal), inSolution.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^Project\(""[^""]*""\) = ""[^""]*"", ""(?<path>[^""]*)"", ""(?<id>[^""]*)""", RegexOptions.Multiline)]
    private static partial Regex Entry();

    [GeneratedRegex(@"^\s*(?<child>\{[0-9A-F-]+\}) = (?<parent>\{[0-9A-F-]+\})$", RegexOptions.Multiline)]
    private static partial Regex Nesting();
}

using System.Text;
using System.Text.RegularExpressions;
using EvlActors.Behaviour;
using EvlActors.Tests.Architecture;
using Xunit;

namespace EvlActors.Tests.Docs;

/// <summary>
/// docs/compatibility.md lists the conformance cases that no test covers. A test names its case, [Trait("Case", "C119")]; the known
/// ids stand in CaseIds.txt beside this file, by area.
/// </summary>
public sealed partial class CoverageListTests
{
    private const string Page = "docs/compatibility.md";
    private const string Begin = "<!-- cases without a test: begin -->";
    private const string End = "<!-- cases without a test: end -->";

    [Fact]
    public void CompatibilityPage_CasesWithoutATest_ListsExactlyThose()
    {
        string page = Repository.Read(Page);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal);
        int end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"{Page} holds the list between '{Begin}' and '{End}'.");
        string listed = page[(begin + Begin.Length)..end].Trim();
        string right = ListOfUncovered();
        Assert.True(listed == right, $"Paste this between the two markers of {Page}:\n\n{right}\n");
    }

    [Fact]
    public void Tests_CasesTheyName_AreKnown()
    {
        HashSet<string> known = [.. Areas().SelectMany(area => area.Ids)];
        Assert.Empty(Covered().Except(known));
    }

    [Fact]
    public void Suites_OfTheBehaviourProject_AreRunByTheTestsOfAnEngine()
    {
        Type[] run = [.. typeof(CoverageListTests).Assembly.GetTypes().Where(type => !type.IsAbstract)];
        string[] idle =
        [
            .. typeof(MachineTests).Assembly.GetTypes()
                .Where(type => type.IsAbstract && type.GetMethods().Any(method => method.IsDefined(typeof(FactAttribute), inherit: true)))
                .Where(suite => !Array.Exists(run, type => type.IsSubclassOf(suite)))
                .Select(suite => $"{suite.Name} has no class in EvlActors.Tests that derives it: its tests never run."),
        ];
        Assert.True(idle.Length == 0, string.Join('\n', idle));
    }

    private static string ListOfUncovered()
    {
        HashSet<string> covered = [.. Covered()];
        var list = new StringBuilder();
        int missing = 0;
        int known = 0;
        foreach ((string name, string[] ids) in Areas())
        {
            string[] uncovered = [.. ids.Where(id => !covered.Contains(id))];
            known += ids.Length;
            missing += uncovered.Length;
            if (uncovered.Length > 0)
                list.Append("- ").Append(name).Append(": ").AppendJoin(' ', uncovered).Append('\n');
        }
        return $"{known - missing} of {known} cases have a test.\n\n{list}".TrimEnd();
    }

    // From the sources, not by reflection: test projects that this one does not refer to count too.
    private static IEnumerable<string> Covered() => Repository.Sources("tests")
        .SelectMany(file => file.Text.Split('\n'))
        .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))
        .SelectMany(line => CaseTrait().Matches(line))
        .Select(match => match.Groups["id"].Value)
        .Distinct();

    private static IEnumerable<(string Name, string[] Ids)> Areas() =>
        from area in Repository.Read("tests/EvlActors.Tests/Docs/CaseIds.txt").Split("# ", StringSplitOptions.RemoveEmptyEntries)
        let lines = area.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        select (lines[0], lines[1..]);

    [GeneratedRegex(@"Trait\(""Case"", ""(?<id>[^""]+)""\)")]
    private static partial Regex CaseTrait();
}

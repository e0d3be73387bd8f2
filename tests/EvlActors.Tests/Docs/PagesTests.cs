using System.Reflection;
using System.Text.RegularExpressions;
using EvlActors.Calls;
using EvlActors.Tests.Architecture;
using Xunit;

namespace EvlActors.Tests.Docs;

/// <summary>What the pages say about the code is so.</summary>
public sealed partial class PagesTests
{
    [Fact]
    public void CompatibilityTables_Status_AgreesWithTheAssembly()
    {
        var wrong = new List<string>();
        foreach (Match row in StatusRow().Matches(Repository.Read("docs/compatibility.md")))
        {
            bool isThere = row.Groups["status"].Value == "there";
            string[] names = [.. Name().Matches(row.Groups["ours"].Value).Select(match => match.Groups["name"].Value)];
            wrong.AddRange(names.Where(name => Exists(name) != isThere).Select(name => $"{name} is {(isThere ? "not there" : "there now")}."));
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void WritingDrivers_NamesOfTheTable_Exist()
    {
        string page = Repository.Read("docs/writing-drivers.md");
        string table = page[page.IndexOf("## From C", StringComparison.Ordinal)..];
        string[] names = [.. TableRow().Matches(table).SelectMany(row => Name().Matches(row.Groups["ours"].Value)).Select(match => match.Groups["name"].Value)];
        Assert.True(names.Length > 20);
        Assert.All(names, name => Assert.True(Exists(name), $"{name} is not there."));
    }

    [Fact]
    public void ArchitectureDiagrams_Steps_AreStepsOfACall()
    {
        IEnumerable<string> steps = DiagramStep().Matches(Repository.Read("docs/architecture.md")).Select(match => match.Groups["step"].Value);
        Assert.NotEmpty(steps);
        Assert.Empty(steps.Distinct().Except(Enum.GetNames<CallStep>()));
    }

    [Fact]
    public void ReadmeExamples_OfTheReadme_StandInTheQuickstart()
    {
        string[] sources = [.. Repository.Sources("examples/Quickstart").Select(file => file.Text.ReplaceLineEndings("\n"))];
        string[] examples = [.. CodeBlock().Matches(Repository.Read("README.md")).Select(match => match.Groups["code"].Value.Trim())];
        Assert.Equal(2, examples.Length);
        Assert.All(examples, example => Assert.Contains(sources, source => source.Contains(example, StringComparison.Ordinal)));
    }

    private static bool Exists(string name)
    {
        string[] parts = name.Split('.');
        const BindingFlags any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;
        Type? type = Array.Find(typeof(EvlMachine).Assembly.GetExportedTypes(), type => type.Name == parts[0]);
        return type is not null && (parts.Length == 1 || type.GetMember(parts[1], any).Length > 0);
    }

    [GeneratedRegex(@"^\| [^|\n]* \| (?<ours>[^|\n]*) \|(?:[^|\n]*\|)? (?<status>there|not yet) \|$", RegexOptions.Multiline)]
    private static partial Regex StatusRow();

    [GeneratedRegex(@"^\| [^|\n]* \| (?<ours>[^|\n]*) \|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"`(?<name>[A-Z]\w*(?:\.[A-Z]\w*)?)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"->>\w: (?<step>[A-Z]\w+)$", RegexOptions.Multiline)]
    private static partial Regex DiagramStep();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

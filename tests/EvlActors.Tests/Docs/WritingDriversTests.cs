using System.Text.RegularExpressions;
using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Tests.Architecture;
using WritingDrivers;
using Xunit;

namespace EvlActors.Tests.Docs;

/// <summary>The code of docs/writing-drivers.md is that of examples/WritingDrivers, and does what the page says.</summary>
public sealed partial class WritingDriversTests
{
    private const string Page = "docs/writing-drivers.md";

    [Fact]
    public void Page_CodeBlocks_StandInTheExample()
    {
        string[] sources = [.. Repository.Sources("examples/WritingDrivers").Select(file => Unindented(file.Text))];
        string[] blocks = [.. Block("csharp").Matches(Repository.Read(Page)).Select(match => match.Groups["code"].Value)];
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(Unindented(block), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Example_OnRealThreads_PrintsWhatThePageSays() =>
        await Plays(EngineUnderTest.Priority);

    [Fact]
    public async Task Example_InSimulation_PrintsWhatThePageSays() =>
        await Plays(EngineUnderTest.Simulation(3));

    private static async Task Plays(EngineUnderTest engine)
    {
        string said = Block("text").Match(Repository.Read(Page)).Groups["code"].Value;
        for (int round = 0; round < engine.Rounds; round++)
        {
            var output = new StringWriter();
            IActorEngine fresh = engine.Create();
            await engine.Run(fresh, async () =>
            {
                await using var machine = new EvlMachine(new EvlMachineOptions { Engine = fresh });
                await Application.Run(machine, output);
            });
            Assert.Equal(said.Trim(), output.ToString().ReplaceLineEndings("\n").Trim());
        }
    }

    // A block shows a part of a method or class without the indentation that it has there.
    private static string Unindented(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static Regex Block(string language) =>
        language == "text" ? TextBlock() : CSharpBlock();

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();

    [GeneratedRegex(@"^```text\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TextBlock();
}

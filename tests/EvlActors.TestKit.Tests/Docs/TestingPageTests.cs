using Xunit;

namespace EvlActors.TestKit.Tests;

/// <summary>What docs/testing.md shows and says is what is there.</summary>
public sealed class TestingPageTests
{
    [Fact]
    public void CodeBlocks_StandInTheGuide()
    {
        string guide = Page.Unindented(File.ReadAllText("TestingGuide.cs"));
        Assert.NotEmpty(Page.CodeBlocks);
        Assert.All(Page.CodeBlocks, block => Assert.Contains(block, guide, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(MuseumTests.Exhibits), MemberType = typeof(MuseumTests))]
    public void Table_HasEveryExhibitWithItsSeeds(string title) =>
        Assert.Contains(Page.Text.Split('\n'), line => line.StartsWith($"| {title} |", StringComparison.Ordinal)
            && line.Contains($"| {MuseumTests.Within(title)} |", StringComparison.Ordinal));
}

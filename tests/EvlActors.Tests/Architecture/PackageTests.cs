using System.Xml.Linq;
using Xunit;

namespace EvlActors.Tests.Architecture;

/// <summary>Every package says what it is for: description, tags, and a README whose first line begins with its name.</summary>
public sealed class PackageTests
{
    public static TheoryData<string> Packages =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!).Order()];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Package_OfALibrary_HasDescriptionTagsAndReadme(string name)
    {
        XElement project = XElement.Parse(Repository.Read($"src/{name}/{name}.csproj"));
        Assert.NotEmpty(Property(project, "Description"));
        Assert.NotEmpty(Property(project, "PackageTags"));
        Assert.Equal("README.md", Property(project, "PackageReadmeFile"));
        Assert.Contains(project.Descendants("None"), none => (string?)none.Attribute("Include") == "README.md" && (string?)none.Attribute("Pack") == "true");
        string readme = Repository.Read($"src/{name}/README.md");
        Assert.StartsWith($"{name} ", readme, StringComparison.Ordinal);
        Assert.Contains("```csharp", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Libraries_AllTogether_HaveLicenceAndSymbols()
    {
        XElement common = XElement.Parse(Repository.Read("Directory.Build.props"));
        Assert.Equal("MIT", Property(common, "PackageLicenseExpression"));
        Assert.Equal("true", Property(common, "IncludeSymbols"));
        Assert.Equal("snupkg", Property(common, "SymbolPackageFormat"));
    }

    private static string Property(XElement project, string name) => project.Descendants(name).SingleOrDefault()?.Value ?? "";
}

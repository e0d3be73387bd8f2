using System.Text.RegularExpressions;
using Xunit;

namespace EvlActors.Tests.Architecture;

/// <summary>
/// The folders of src/EvlActors know lower folders only. Read from the sources: whoever adds a folder gives it a rank here and in
/// docs/architecture.md.
/// </summary>
public sealed partial class LayeringTests
{
    private const string Library = "src/EvlActors";
    private const string Facade = "(facade)";

    private static readonly string[][] s_layers =
    [
        ["Actors"],
        ["Calls"],
        ["Engine"],
        ["Drivers", "Files", "Monitors", "Xbufs"],
        ["InBand", "OutOfBand"],
        ["Dovetail"],
        [Facade],
        ["Streams"],
    ];

    private static readonly HashSet<string> s_notTypes =
    [
        "abstract", "as", "async", "await", "case", "class", "const", "else", "enum", "explicit", "extern", "global", "implicit", "in", "interface",
        "internal", "is", "namespace", "new", "not", "operator", "or", "and", "out", "override", "params", "partial", "private", "protected",
        "public", "readonly", "record", "ref", "required", "return", "scoped", "sealed", "static", "struct", "this", "throw", "unsafe", "using",
        "virtual", "volatile", "when", "where", "with",
    ];

    [Fact]
    public void Folders_OfTheLibrary_HaveALayer() =>
        Assert.All(Sources().Select(FolderOf).Distinct(), folder => Assert.True(LayerOf(folder) >= 0, $"{Library}/{folder} has no layer."));

    [Fact]
    public void Types_OfOneFolder_AreUsedByHigherFoldersOnly()
    {
        var violations = new List<string>();
        foreach (Reference reference in References())
        {
            if (RuleBrokenBy(reference) is { } rule)
                violations.Add($"{reference.File.Path} uses {reference.Type} of {reference.To}: {rule}");
        }
        Assert.True(violations.Count == 0, string.Join('\n', violations));
    }

    [Fact]
    public void Folders_OfOneLayer_DoNotUseEachOther()
    {
        Dictionary<(string From, string To), Reference> first = [];
        foreach (Reference reference in References())
            first.TryAdd((reference.From, reference.To), reference);
        string[] circles =
        [
            .. from pair in first
            where string.CompareOrdinal(pair.Key.From, pair.Key.To) < 0
            let back = first.GetValueOrDefault((pair.Key.To, pair.Key.From))
            where back is not null
            select $"{pair.Value.File.Path} uses {pair.Value.Type} of {pair.Value.To}, and {back.File.Path} uses {back.Type} of {back.To}: "
                + "no two folders use each other.",
        ];
        Assert.True(circles.Length == 0, string.Join('\n', circles));
    }

    [Fact]
    public void Files_OfTheLibrary_DeclareTheTypeTheyAreNamedAfter()
    {
        string[] wrong = [.. Sources()
            .Where(file => file.TopLevelTypes is not [var type] || type != file.Name)
            .Select(file => $"{file.Path} declares {string.Join(", ", file.TopLevelTypes)}: one top-level type per file, named as the file.")];
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Code_OfATree_NeverSleepsByTheClock(string tree)
    {
        string[] sleepers = [.. Repository.Sources(tree)
            .Where(file => !file.Path.StartsWith("tests/EvlActors.Benchmarks/", StringComparison.Ordinal)) // it measures by the clock
            .Where(file => SleepByTheClock().IsMatch(file.Code))
            .Select(file => $"{file.Path} sleeps by the clock: wait for what has to happen, or arm a timer of the engine.")];
        Assert.True(sleepers.Length == 0, string.Join('\n', sleepers));
    }

    private static IEnumerable<SourceFile> Sources() => Repository.Sources(Library);

    private static string FolderOf(SourceFile file)
    {
        string below = file.Path[(Library.Length + 1)..];
        int slash = below.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? Facade : below[..slash];
    }

    private static int LayerOf(string folder) => Array.FindIndex(s_layers, layer => layer.Contains(folder));

    private static string? RuleBrokenBy(Reference reference)
    {
        if (reference.From == "Engine" && reference.To != "Actors")
            return "the engine knows the actor contract only.";
        if (reference.To == "Engine" && reference.From != Facade)
            return "only the facade knows an engine, the rest knows the actor contract.";
        return LayerOf(reference.To) > LayerOf(reference.From) ? $"{reference.To} is above {reference.From}." : null;
    }

    private static List<Reference> References()
    {
        List<SourceFile> sources = [.. Sources()];
        Dictionary<string, string> folderOfType = [];
        foreach (SourceFile file in sources)
        {
            foreach (string type in file.TopLevelTypes)
                folderOfType[type] = FolderOf(file);
        }
        var references = new List<Reference>();
        foreach (SourceFile file in sources)
        {
            string from = FolderOf(file);
            IEnumerable<(string Type, string To)> used = Word().Matches(file.References)
                .Where(match => folderOfType.ContainsKey(match.Value) && RefersToType(file.References, match))
                .Select(match => (match.Value, folderOfType[match.Value]))
                .Concat(Import().Matches(file.References).Select(match => (match.Value, match.Groups["folder"].Value)))
                .Where(use => use.Item2 != from && LayerOf(use.Item2) >= 0)
                .Distinct();
            references.AddRange(used.Select(use => new Reference(file, from, use.Type, use.To)));
        }
        return references;
    }

    // Behind a dot a word is a member, unless the dot ends a namespace; behind a type it is the name of what is declared; in
    // front of "(" without new it is a method.
    private static bool RefersToType(string code, Match word)
    {
        int before = word.Index - 1;
        if (before >= 0 && code[before] == '.')
            return Array.Exists(s_layers, layer => Array.Exists(layer, folder => code.AsSpan(0, before).EndsWith(folder)));
        if (DeclaredName().Match(code[Math.Max(0, word.Index - 64)..word.Index]) is { Success: true } type && !s_notTypes.Contains(type.Value.Trim()))
            return false;
        int after = word.Index + word.Length;
        return after >= code.Length || code[after] != '(' || ObjectCreation().IsMatch(code.AsSpan(Math.Max(0, word.Index - 16), Math.Min(16, word.Index)));
    }

    [GeneratedRegex(@"\b[A-Z]\w*\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bEvlActors\.(?<folder>\w+)")]
    private static partial Regex Import();

    // What stands in front of a name that is declared: a type, with its arguments, its question mark or its brackets.
    [GeneratedRegex(@"(?:\b\w+|(?<!=)>|\[\])\??[ \t]+\z")]
    private static partial Regex DeclaredName();

    [GeneratedRegex(@"\bnew\s+(?:\w+\.)*\z")]
    private static partial Regex ObjectCreation();

    [GeneratedRegex(@"\bThread\s*\.\s*Sleep\b|\bTask\s*\.\s*Delay\b")]
    private static partial Regex SleepByTheClock();

    private sealed record Reference(SourceFile File, string From, string Type, string To);
}

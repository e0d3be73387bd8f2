using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EvlActors.Hosting.Tests;

/// <summary>What docs/hosting.md says is so.</summary>
public sealed partial class HostingPageTests
{
    private static readonly string s_root = FindRoot();
    private static readonly string s_page = File.ReadAllText(Path.Combine(s_root, "docs/hosting.md")).ReplaceLineEndings("\n");

    [Fact]
    public void CodeBlocks_OfThePage_StandInTheExample()
    {
        string[] sources = [.. Directory.GetFiles(Path.Combine(s_root, "examples/WorkerService"), "*.cs").Select(path => File.ReadAllText(path).ReplaceLineEndings("\n"))];
        string[] blocks = [.. CodeBlock().Matches(s_page).Select(match => match.Groups["code"].Value)];
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(sources, source => source.Contains(block, StringComparison.Ordinal)));
    }

    [Fact]
    public void OptionsTable_KeysAndDefaults_AreThoseOfTheOptions()
    {
        IEnumerable<string> there = KeysOf(new EvlOptions(), "");
        Assert.Equal(there.Order(), Rows("## Options").Select(row => $"{row[0]} = {row[1]}").Order());
    }

    [Fact]
    public async Task MetricsTable_NamesAndUnits_AreThoseOfTheMeter()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddEvl().AddMetrics();
        using IHost host = builder.Build();
        object scope = host.Services.GetRequiredService<IMeterFactory>();
        var there = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Scope == scope && instrument.Meter.Name == EvlServices.MeterName)
                    there.Add($"{instrument.Name} {instrument.Unit}");
            },
        };
        listener.Start();
        await host.StartAsync();
        await host.StopAsync();
        Assert.Equal(there.Order(), Rows("## Metrics").Select(row => $"{row[0]} {row[1]}").Order());
    }

    [Fact]
    public void LogTable_IdsLevelsAndMessages_AreThoseOfTheLibraries()
    {
        const BindingFlags any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        LoggerMessageAttribute[] there =
        [
            .. new[] { typeof(EvlMachine).Assembly, typeof(EvlBuilder).Assembly }
                .SelectMany(library => library.GetTypes())
                .SelectMany(type => type.GetMethods(any | BindingFlags.DeclaredOnly))
                .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
                .OfType<LoggerMessageAttribute>(),
        ];
        Assert.Equal(there.Length, there.Select(message => message.EventId).Distinct().Count());
        Assert.Equal(
            there.OrderBy(message => message.EventId).Select(message => $"{message.EventId} {message.Level} {message.Message}"),
            Rows("## Log").Select(row => string.Join(' ', row)));
    }

    private static IEnumerable<string> KeysOf(object options, string prefix) => options.GetType().GetProperties().SelectMany(property =>
        property.GetValue(options) is EvlHealthOptions health
            ? KeysOf(health, $"{property.Name}:")
            : [$"{prefix}{property.Name} = {property.GetValue(options) ?? "none"}"]);

    // The rows of the table in a section, without head, code marks aside.
    private static IEnumerable<string[]> Rows(string heading) =>
        s_page[s_page.IndexOf(heading + "\n", StringComparison.Ordinal)..].Split("\n## ")[0].Split('\n')
            .Where(line => line.StartsWith('|')).Skip(2)
            .Select(line => line.Split('|')[1..^1].Select(cell => cell.Trim().Trim('`')).ToArray());

    private static string FindRoot()
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "EvlActors.sln")))
                return at;
        }
        throw new InvalidOperationException("These tests read the sources that they were built from.");
    }

    [GeneratedRegex(@"^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}

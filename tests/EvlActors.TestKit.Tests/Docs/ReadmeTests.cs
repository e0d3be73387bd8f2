using System.Text.RegularExpressions;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.TestKit.Tests;

/// <summary>The code of the package's README, compiled and run; what it shows is what it prints.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Code_OfTheReadme_StandsHere()
    {
        string[] here = [.. File.ReadAllLines("ReadmeTests.cs").Select(line => line.Trim())];
        string[] code = [.. CodeBlock().Matches(Readme()).SelectMany(match => match.Groups[1].Value.Split('\n')).Select(line => line.Trim())];
        Assert.NotEmpty(code);
        Assert.All(code, line => Assert.Contains(line, here));
    }

    [Fact]
    public void Failure_OfTheReadme_IsWhatItPrints()
    {
        ExplorationFailedException failed = Assert.Throws<ExplorationFailedException>(() =>
        {
            Exploration.Explore(ReadAgainstClose, seeds: 10_000).ThrowIfFailed();
        });
        Assert.Contains(failed.Message, Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultTable_OfTheReadme_IsWhatItPrints()
    {
        FaultReport report = Faults.FailEach(ReadTheHosts);
        report.ThrowIfFound();
        Assert.Contains(report.ToString(), Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsByChance_OfTheReadme_AreExplored()
    {
        var faulty = new EvlMachineOptions
        {
            Faults = new Dictionary<FaultPoint, FaultAttributes>
            {
                [FaultPoint.UserCopy] = new() { Probability = 10, Times = -1 },
                [FaultPoint.Stall] = new() { Probability = 5, Times = -1, Delay = TimeSpan.FromMilliseconds(2) },
            },
        };
        var options = new ExplorationOptions { Simulation = new SimulationOptions { Machine = faulty } };
        ExplorationFailure? failure = Exploration.Explore(ReadTheHosts, 1_000, options).Failure;
        Assert.IsType<EvlException>(failure?.Cause.InnerException);
        Assert.Contains("fail_usercopy", failure.Story, StringComparison.Ordinal);
    }

    private static string Readme() => File.ReadAllText("README.md").ReplaceLineEndings("\n");

    static async Task ReadAgainstClose(SimulationScenario s)
    {
        s.Machine.AddDevice("/dev/uart", () => new UartDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread closer = app.CreateThread(name: "closer");
        await reader.AttachAsync().OrThrow();
        int fd = await closer.OpenAsync("/dev/uart").OrThrow();
        Task reading = app.Run(reader, async t => await t.OobReadAsync(fd, new byte[1]));
        Task closing = app.Run(closer, async t => (await t.CloseAsync(fd)).OrThrow());
        await reading;
        await closing;
    }

    static async Task ReadTheHosts(SimulationScenario s)
    {
        s.Machine.AddFile("/etc/hosts", "localhost");
        UserThread app = s.Machine.CreateProcess(new EvlProcessOptions { EmptyTable = true }).CreateThread(name: "app");
        int fd = await app.OpenAsync("/etc/hosts").OrThrow();
        await app.ReadAsync(fd, new byte[9]).OrThrow();
        await app.CloseAsync(fd).OrThrow();
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    private sealed class UartDevice : CharDevice
    {
        private readonly WaitQueue _readers = new();

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask OobRead(IoCall call) =>
            await _readers.Wait(call) is { IsError: true } interrupted ? interrupted : 1;

        protected internal override IoTask Release(IoCall call)
        {
            _readers.Flush();
            return SysResult.Ok();
        }
    }
}

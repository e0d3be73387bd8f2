using FaultInjection;
using Xunit;

namespace EvlActors.TestKit.Tests;

/// <summary>examples/FaultInjection finds, replays and mends what it promises, and its table has no finding.</summary>
public sealed class FaultInjectionTests
{
    [Fact]
    public void Run_TellsItsLinesAndEndsWell()
    {
        using var output = new StringWriter();
        int status = Demonstration.Run(output);
        string told = output.ToString().ReplaceLineEndings("\n");
        Assert.Equal(0, status);
        string[] lines =
        [
            "Invariant 'no driver fails' is violated: /dev/logger: OobIoctl: Object reference not set to an instance of an object.",
            "The shortest way there",
            "  oob_ioctl(1) begins",
            "ReleaseOob of file 3, 1 oob references left",
            "To replay it: Simulation.Replay(scenario, \"",
            "The same order: clean.",
            "20000 orders: clean.",
            "fail_usercopy",
            "oob_ioctl(1) = EINTR",
            "write(1) = EFAULT",
            ", 0 findings (seed 4).",
        ];
        int at = 0;
        foreach (string line in lines)
        {
            int found = told.IndexOf(line, at, StringComparison.Ordinal);
            Assert.True(found >= 0, $"'{line}' is not there, or too early:\n{told}");
            at = found;
        }
    }
}

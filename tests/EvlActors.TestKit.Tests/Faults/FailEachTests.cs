using Xunit;
using Xunit.Abstractions;

namespace EvlActors.TestKit.Tests;

public sealed class FailEachTests(ITestOutputHelper output)
{
    [Fact]
    public void FailEach_CorrectDriver_NothingIsFound()
    {
        FaultReport report = FaultInjection.FailEach(FaultScenarios.ReadWriteClose(FaultDefect.None));
        output.WriteLine(report.ToString());
        report.ThrowIfFound();
    }

    [Fact]
    public void FailEach_WholeMachine_NothingIsFound()
    {
        FaultReport report = FaultInjection.FailEach(FaultScenarios.EveryCall);
        output.WriteLine(report.ToString());
        report.ThrowIfFound();
    }
}

using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class CallInvariantTests
{
    private readonly CallInvariant _invariant = new(new SimulationEngine(1));

    [Fact]
    public void Happened_EnteredAsleepWokenAnswered_IsFine()
    {
        foreach (MachineEventKind kind in (MachineEventKind[])[
            MachineEventKind.CallEntered, MachineEventKind.CallAsleep, MachineEventKind.CallWoken, MachineEventKind.CallAnswered])
        {
            Assert.Null(_invariant.Happened(Event(kind)));
        }
        Assert.Null(_invariant.Ended());
    }

    [Fact]
    public void Ended_CallAsleep_IsWrong()
    {
        _invariant.Happened(Event(MachineEventKind.CallEntered));
        _invariant.Happened(Event(MachineEventKind.CallAsleep));
        Assert.Equal("oob_read(5) of thread-2 was never woken", _invariant.Ended());
    }

    [Fact]
    public void Ended_CallUnanswered_IsWrong()
    {
        _invariant.Happened(Event(MachineEventKind.CallEntered));
        Assert.Equal("oob_read(5) of thread-2 was never answered", _invariant.Ended());
    }

    [Fact]
    public void Happened_AnsweredTwice_IsWrong()
    {
        _invariant.Happened(Event(MachineEventKind.CallEntered));
        _invariant.Happened(Event(MachineEventKind.CallAnswered));
        Assert.Contains("answered twice", _invariant.Happened(Event(MachineEventKind.CallAnswered)), StringComparison.Ordinal);
    }

    private static MachineEvent Event(MachineEventKind kind) =>
        new(1, 0, kind, 1, 2, 3, SyscallNumber.OobRead, 5, 0, 0, default, null);
}

using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class ReferenceInvariantTests
{
    private const long File = 40; // beyond what it has room for at first

    private readonly ReferenceInvariant _invariant = new();

    [Fact]
    public void Happened_WholeLifeOfAFile_IsFine()
    {
        Fine(MachineEventKind.OobReferenceTaken, 1);
        Fine(MachineEventKind.InBandReferenceTaken, 1);
        Fine(MachineEventKind.OobReferenceTaken, 2);
        Fine(MachineEventKind.InBandReferencePut, 0);
        Fine(MachineEventKind.ReleaseBegun, 2);
        Fine(MachineEventKind.OobReferencePut, 1);
        Fine(MachineEventKind.OobReferencePut, 0);
        Fine(MachineEventKind.ReleaseOobDone, 0);
        Fine(MachineEventKind.ReleaseDone, 0);
        Assert.Null(_invariant.Ended());
    }

    [Theory]
    [InlineData(MachineEventKind.InBandReferencePut)]
    [InlineData(MachineEventKind.OobReferencePut)]
    public void Happened_PutWithoutTake_IsWrong(MachineEventKind put) => Wrong(put, -1, "has -1");

    [Fact]
    public void Happened_CountJumps_IsWrong() => Wrong(MachineEventKind.InBandReferenceTaken, 2, "where there are 1");

    [Fact]
    public void Happened_ReleasedWhileHeld_IsWrong()
    {
        Fine(MachineEventKind.InBandReferenceTaken, 1);
        Wrong(MachineEventKind.ReleaseBegun, 0, "1 in-band references left");
    }

    [Fact]
    public void Happened_ReleasedTwice_IsWrong()
    {
        Fine(MachineEventKind.ReleaseBegun, 0);
        Wrong(MachineEventKind.ReleaseBegun, 0, "twice");
    }

    [Fact]
    public void Happened_TakenInBandWhileReleased_IsWrong()
    {
        Fine(MachineEventKind.ReleaseBegun, 0);
        Wrong(MachineEventKind.InBandReferenceTaken, 1, "while it is released");
    }

    [Theory]
    [InlineData(MachineEventKind.ReleaseOobDone, "past ReleaseOob with 1")]
    [InlineData(MachineEventKind.ReleaseDone, "is gone with 1")]
    [InlineData(MachineEventKind.DriverWarning, "is dismantled with 1")]
    public void Happened_ReleaseGoesOnWithOobReferencesLeft_IsWrong(MachineEventKind kind, string what)
    {
        Fine(MachineEventKind.OobReferenceTaken, 1);
        Fine(MachineEventKind.ReleaseBegun, 1);
        Wrong(kind, 1, what);
    }

    [Fact]
    public void Happened_TakenOobAfterReleaseOob_IsWrong()
    {
        Fine(MachineEventKind.ReleaseBegun, 0);
        Fine(MachineEventKind.ReleaseOobDone, 0);
        Wrong(MachineEventKind.OobReferenceTaken, 1, "after ReleaseOob");
    }

    [Fact]
    public void Happened_WarningOfALivingFile_IsFine() => Fine(MachineEventKind.DriverWarning, 0);

    private void Fine(MachineEventKind kind, long count) => Assert.Null(_invariant.Happened(Event(kind, count)));

    private void Wrong(MachineEventKind kind, long count, string what) =>
        Assert.Contains(what, _invariant.Happened(Event(kind, count)), StringComparison.Ordinal);

    private static MachineEvent Event(MachineEventKind kind, long count) =>
        new(1, 0, kind, 1, 1, 1, SyscallNumber.Close, -1, File, count, default, null);
}

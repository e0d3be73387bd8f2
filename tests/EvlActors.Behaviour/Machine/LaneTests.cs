using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.Machine;

/// <summary>Where devices live, and what the machine says of it.</summary>
public abstract class LaneTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Theory]
    [InlineData(DeviceLane.InBand, 1)]
    [InlineData(DeviceLane.Oob, 0)]
    [InlineData(DeviceLane.Own, 0)]
    [InlineData(DeviceLane.Auto, 0)]
    public Task OobFile_InEachLane_WorksAndInBandIsSaidOnce(DeviceLane lane, int warnings) => Play(async s =>
    {
        s.Machine.AddDevice("/dev/gated", () => new GatedDevice(), lane);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int fd = await t.OpenAsync("/dev/gated").OrThrow();
        await t.OpenAsync("/dev/gated").OrThrow();
        ValueTask<SysResult> reading = oob.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(oob);
        await t.IoctlAsync(fd, GatedDevice.GiveAll).OrThrow();
        Assert.True((await reading).IsSuccess);
        Assert.Equal(warnings, s.Of(MachineEventKind.DriverWarning).Count());
    });

    [Fact]
    public Task OobFile_OfDriverWithoutOobOperations_SaidOnce() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/marked", () => new MarkingDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/marked").OrThrow();
        await t.OpenAsync("/dev/marked").OrThrow();
        MachineEvent warning = Assert.Single(s.Of(MachineEventKind.DriverWarning));
        Assert.Contains("/dev/marked", warning.Detail, StringComparison.Ordinal);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    private sealed class MarkingDevice : CharDevice
    {
        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask Release(IoCall call)
        {
            await call.File.ReleaseOob();
            return 0;
        }
    }
}

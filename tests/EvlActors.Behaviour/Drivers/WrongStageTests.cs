using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>The golden rule: each service knows from which stage it may be called.</summary>
public abstract class WrongStageTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Theory]
    [InlineData(StageDevice.CopyTo, true, "OobIoctl", "CopyToUser", "in-band")]
    [InlineData(StageDevice.CopyFrom, true, "OobIoctl", "CopyFromUser", "in-band")]
    [InlineData(StageDevice.Install, true, "OobIoctl", "InstallFile", "in-band")]
    [InlineData(StageDevice.InBandWait, true, "OobIoctl", "WaitQueueHead", "in-band")]
    [InlineData(StageDevice.FlagWait, false, "Ioctl", "EvlFlag.Wait", "out-of-band")]
    [InlineData(StageDevice.SemaphoreDown, false, "Ioctl", "EvlSemaphore.Down", "out-of-band")]
    public Task Service_WrongStage_NamedAndDeviceFails(uint service, bool outOfBand, string handler, string name, string allowed) => Play(async s =>
    {
        var device = new StageDevice();
        (UserThread t, int fd) = await Open(s, device);
        SysResult result = outOfBand ? await t.OobIoctlAsync(fd, service) : await t.IoctlAsync(fd, service);
        Assert.Equal(Errno.EIO, result.Errno);
        WrongStageException thrown = Assert.IsType<WrongStageException>(device.Thrown);
        Assert.Equal((handler, name, allowed), (thrown.Handler, thrown.Service, thrown.Allowed));
        Assert.Contains(s.Of(MachineEventKind.DriverWarning), e => e.Detail == thrown.Message);
        Assert.Single(s.Of(MachineEventKind.DeviceFailed));
    });

    [Theory]
    [InlineData(StageDevice.CopyTo, false)]
    [InlineData(StageDevice.CopyFrom, false)]
    [InlineData(StageDevice.FlagWait, true)]
    [InlineData(StageDevice.SemaphoreDown, true)]
    public Task Service_ItsStage_Works(uint service, bool outOfBand) => Play(async s =>
    {
        var device = new StageDevice();
        (UserThread t, int fd) = await Open(s, device);
        SysResult result = outOfBand ? await t.OobIoctlAsync(fd, service) : await t.IoctlAsync(fd, service);
        Assert.Equal(SysResult.Ok(), result);
        Assert.Null(device.Thrown);
    });

    [Fact]
    public Task Wait_InATimersHandler_NamedAndDeviceFails() => Play(async s =>
    {
        var device = new StageDevice();
        (UserThread t, int fd) = await Open(s, device);
        await t.IoctlAsync(fd, StageDevice.StartTimer).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.DeviceFailed);
        Assert.Equal("sleeping", Assert.IsType<WrongStageException>(device.Thrown).Allowed);
    });

    [Fact]
    public Task WrongStage_HandledByTheDriver_DeviceLives() => Play(async s =>
    {
        var device = new StageDevice { Handles = true };
        (UserThread t, int fd) = await Open(s, device);
        Assert.Equal(Errno.EPERM, (await t.OobIoctlAsync(fd, StageDevice.CopyTo)).Errno);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, StageDevice.CopyTo));
    });

    private static async Task<(UserThread Thread, int Fd)> Open(Scenario s, StageDevice device)
    {
        s.Machine.AddDevice("/dev/stage", () => device);
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        return (t, await t.OpenAsync("/dev/stage").OrThrow());
    }

    private sealed class StageDevice : CharDevice
    {
        internal const uint CopyTo = 1, CopyFrom = 2, Install = 3, InBandWait = 4, FlagWait = 5, SemaphoreDown = 6, StartTimer = 7;

        private readonly WaitQueueHead _head = new();
        private readonly EvlFlag _flag = new();
        private readonly EvlSemaphore _semaphore = new(1);

        internal bool Handles { get; init; }

        internal Exception? Thrown { get; private set; }

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override IoTask Ioctl(IoCall call) => Watched(call);

        protected internal override IoTask OobIoctl(IoCall call) => Watched(call);

        private async IoTask Watched(IoCall call)
        {
            try
            {
                return await Use(call);
            }
            catch (WrongStageException e)
            {
                Thrown = e;
                if (Handles)
                    return Errno.EPERM;
                throw;
            }
        }

        private async IoTask Use(IoCall call)
        {
            switch (call.Command)
            {
                case CopyTo:
                    await call.CopyToUser(default);
                    return 0;
                case CopyFrom:
                    await call.CopyFromUser(default);
                    return 0;
                case Install:
                    return await call.InstallFile(call.NewFile());
                case InBandWait:
                    return await _head.WaitEventInterruptible(call, () => false);
                case FlagWait:
                    _flag.Raise();
                    return await _flag.Wait(call);
                case SemaphoreDown:
                    return await _semaphore.Down(call);
                default:
                    CreateTimer(OnTimer).Start(MonotonicNs);
                    return 0;
            }
        }

        private async IoTask OnTimer(InterruptContext context)
        {
            try
            {
                return await _flag.Wait(context);
            }
            catch (WrongStageException e)
            {
                Thrown = e;
                throw;
            }
        }
    }
}

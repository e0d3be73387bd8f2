using EvlActors;
using EvlActors.Behaviour;

namespace Latmus.Tests;

/// <summary>What the driver answers, on every engine.</summary>
public abstract class LatmusDeviceTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const ulong Ms = 1_000_000;

    [Fact]
    [Trait("Case", "C287")]
    public Task OobIoctl_NoRunner_Eagain() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);

        Assert.Equal(Errno.EAGAIN, (await bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24])).Errno);
        Assert.Equal(Errno.EAGAIN, (await bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Pulse, new byte[8])).Errno);
    });

    [Theory]
    [Trait("Case", "C287")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public Task Pulse_OnARunnerOfTheKernel_Einval(uint type) => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure((LatmusContext)type).OrThrow();

        Assert.Equal(Errno.EINVAL, (await bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Pulse, new byte[8])).Errno);
    });

    [Fact]
    [Trait("Case", "C287")]
    public Task Commands_OfTheOtherStageOrUnknown_Enotty() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure(LatmusContext.User).OrThrow();

        foreach (uint command in new[] { LatmusIoctl.Tune, LatmusIoctl.Measure, LatmusIoctl.Reset, LatmusIoctl.Reset + 1 })
            Assert.Equal(Errno.ENOTTY, (await bench.Oob.OobIoctlAsync(bench.Fd, command, new byte[32])).Errno);
        foreach (uint command in new[] { LatmusIoctl.Run, LatmusIoctl.Pulse, LatmusIoctl.Reset + 1 })
            Assert.Equal(Errno.ENOTTY, (await bench.InBand.IoctlAsync(bench.Fd, command, new byte[32])).Errno);
    });

    [Fact]
    [Trait("Case", "C288")]
    public Task SetUp_OutOfRange_EinvalAndTheRunnerStays() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure(LatmusContext.User).OrThrow();
        LatmusSetup good = LatmusSetup.ForMeasure(LatmusContext.Kern, Ms, 50, 0, bench.Xfd, 200);
        LatmusSetup[] bad =
        [
            good with { Period = 0 },
            good with { Period = 1_000_000_001 },
            good with { Cpu = LatmusBench.OnlineCpus },
            good with { Hcells = 1001 },
            good with { Priority = 0 },
            good with { Priority = 100 },
            good with { Type = (LatmusContext)4 },
        ];

        foreach (LatmusSetup setup in bad)
            Assert.Equal(Errno.EINVAL, (await bench.SetUp(LatmusIoctl.Measure, setup)).Errno);
        LatmusSetup synthetic = LatmusSetup.ForTune(LatmusContext.Sirq, Ms, 50, 0, 0);
        Assert.Equal(Errno.EINVAL, (await bench.SetUp(LatmusIoctl.Tune, synthetic)).Errno);
        // A result of the wrong length, and not EAGAIN: the first runner is still there.
        Assert.Equal(Errno.EINVAL, (await bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[23])).Errno);
        Assert.Equal(SysResult.Ok(), await bench.SetUp(LatmusIoctl.Measure, good));
    });

    [Fact]
    [Trait("Case", "C288")]
    public Task BadPointer_EachCommand_Efault() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        UserBuffer bad = UserBuffer.Bad(LatmusSetup.Size);

        Assert.Equal(Errno.EFAULT, (await bench.InBand.IoctlAsync(bench.Fd, LatmusIoctl.Measure, bad)).Errno);
        Assert.Equal(Errno.EFAULT, (await bench.InBand.IoctlAsync(bench.Fd, LatmusIoctl.Tune, bad)).Errno);
        await bench.Measure(LatmusContext.User).OrThrow();
        Assert.Equal(Errno.EFAULT, (await bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Pulse, UserBuffer.Bad(8))).Errno);
    });

    [Fact]
    public Task Run_XfdIsNoXbufOfTheCaller_Ebadf() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        foreach (int xfd in new[] { bench.Fd, 0, 99, -1 })
        {
            await bench.Measure(LatmusContext.User, xfd: xfd).OrThrow();
            Assert.Equal(Errno.EBADF, (await bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24])).Errno);
        }

        Assert.Equal(SysResult.Ok(), await bench.InBand.CloseAsync(bench.Fd));
        Assert.Equal(SysResult.Ok(), await bench.InBand.CloseAsync(bench.Xfd));
    });

    [Theory]
    [Trait("Case", "C292")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task Run_Interrupted_ZeroAndTheXbufIsFree(uint type) => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure((LatmusContext)type, cells: 5).OrThrow();
        byte[] result = new byte[LatmusResult.Size(5)];

        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, result);
        await s.UntilAsleep(bench.Oob);
        bench.Oob.Unblock();

        Assert.Equal(SysResult.Ok(), await run);
        // Interrupted in the warm-up: nothing was counted.
        Assert.Equal(0u, LatmusResult.Read(result).Last.Samples);
        Assert.Equal(SysResult.Ok(), await bench.InBand.CloseAsync(bench.Xfd));
        Assert.Equal(SysResult.Ok(), await bench.InBand.CloseAsync(bench.Fd));
    });

    [Fact]
    public Task Run_ResultPointerBad_Efault() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure(LatmusContext.Irq).OrThrow();

        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, UserBuffer.Bad(24));
        await s.UntilAsleep(bench.Oob);
        bench.Oob.Unblock();

        Assert.Equal(Errno.EFAULT, (await run).Errno);
    });

    [Fact]
    public Task Pulse_RoundEnds_EpipeThenParked() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure(LatmusContext.User, periodNs: 1_000_000_000).OrThrow();
        UserThread responder = await s.OobThread(bench.Process, 98);
        ValueTask<SysResult> first = responder.OobIoctlAsync(bench.Fd, LatmusIoctl.Pulse, new byte[8]);
        await s.UntilAsleep(responder);
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24]);
        Assert.Equal(SysResult.Ok(), await first);
        await s.UntilAsleep(bench.Oob);

        byte[] stamp = BitConverter.GetBytes(s.Machine.Engine.MonotonicNs);
        ValueTask<SysResult> second = responder.OobIoctlAsync(bench.Fd, LatmusIoctl.Pulse, stamp);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == responder.Tid && e.Call == 3);
        bench.Oob.Unblock();

        Assert.Equal(SysResult.Ok(), await run);
        Assert.Equal(Errno.EPIPE, (await second).Errno);
        Assert.Equal(Errno.EPIPE, (await responder.OobIoctlAsync(bench.Fd, LatmusIoctl.Pulse, stamp)).Errno);
        ValueTask<SysResult> parked = responder.OobIoctlAsync(bench.Fd, LatmusIoctl.Pulse, new byte[8]);
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == responder.Tid && e.Call == 5);
        responder.Unblock();
        Assert.Equal(Errno.EINTR, (await parked).Errno);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public Task CloseLastFd_RunAndPulseAsleep_EidrmThenReleased(uint type) => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure((LatmusContext)type, periodNs: 1_000_000_000).OrThrow();
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24]);
        await s.UntilAsleep(bench.Oob);

        Assert.Equal(SysResult.Ok(), await bench.InBand.CloseAsync(bench.Fd));

        Assert.Equal(Errno.EIDRM, (await run).Errno);
        Assert.Equal(SysResult.Ok(), await bench.InBand.CloseAsync(bench.Xfd));
    });

    [Fact]
    public Task Measure_WhileRunning_TheOldRunnerEndsWithEidrm() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure(LatmusContext.Kern).OrThrow();
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24]);
        await s.UntilAsleep(bench.Oob);

        await bench.Measure(LatmusContext.Irq).OrThrow();

        Assert.Equal(Errno.EIDRM, (await run).Errno);
        Assert.Equal(SysResult.Ok(), await bench.InBand.CloseAsync(bench.Xfd));
    });

    [Fact]
    public Task Run_Twice_EbusyForTheSecond() => Play(async s =>
    {
        LatmusBench bench = await LatmusBench.Open(s.Machine);
        await bench.Measure(LatmusContext.Irq).OrThrow();
        UserThread second = await s.OobThread(bench.Process);
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24]);
        await s.UntilAsleep(bench.Oob);

        Assert.Equal(Errno.EBUSY, (await second.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24])).Errno);

        bench.Oob.Unblock();
        Assert.Equal(SysResult.Ok(), await run);
    });
}

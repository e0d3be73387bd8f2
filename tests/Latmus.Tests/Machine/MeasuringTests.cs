using EvlActors;

namespace Latmus.Tests;

/// <summary>The driver over seconds of virtual time.</summary>
public sealed class MeasuringTests
{
    [Theory]
    [Trait("Case", "C290")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_PeriodOneMs_AMessageOfThousandSamplesEachSecondButTheFirst(uint type) => Simulation.Run(async machine =>
    {
        LatmusBench bench = await LatmusBench.Open(machine);
        await bench.Measure((LatmusContext)type).OrThrow();
        long startedNs = machine.Engine.MonotonicNs;
        _ = machine.Engine.RunBody(() => SimulatedResponder.Answer(bench, _ => 0));
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24]);

        for (int second = 2; second <= 4; second++)
        {
            Measurement measurement = await Next(bench);
            Assert.Equal(new Measurement(0, 0, 0, 0, 1000), measurement);
            Assert.Equal((second * 1_000_000_000L) - 1_000_000, machine.Engine.MonotonicNs - startedNs);
        }

        bench.Oob.Unblock();
        Assert.Equal(SysResult.Ok(), await run);
    });

    [Fact]
    [Trait("Case", "C290")]
    public void Run_ResponderLate_LatencyAndOverruns() => Simulation.Run(async machine =>
    {
        LatmusBench bench = await LatmusBench.Open(machine);
        await bench.Measure(LatmusContext.User, cells: 200).OrThrow();
        // In the warm-up it is late without a trace; then once by 150 us, and once by two and a half periods.
        _ = machine.Engine.RunBody(() => SimulatedResponder.Answer(
            bench, sample => sample switch { 500 => 700_000, 1500 => 150_000, 1600 => 2_500_000, _ => 0 }));
        byte[] result = new byte[LatmusResult.Size(200)];
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, result);

        Assert.Equal(new Measurement(2_650_000, 0, 2_500_000, 2, 1000), await Next(bench));

        bench.Oob.Unblock();
        Assert.Equal(SysResult.Ok(), await run);
        LatencyHistogram histogram = LatmusResult.Read(result).Histogram!;
        Assert.Equal((998, 1, 1), (histogram.Cells[0], histogram.Cells[150], histogram.Cells[199]));
    });

    [Fact]
    [Trait("Case", "C292")]
    public void Run_InterruptedInASecond_LastPartialMessageAndHistogram() => Simulation.Run(async machine =>
    {
        machine.AddDevice(AlarmDevice.Path, () => new AlarmDevice());
        LatmusBench bench = await LatmusBench.Open(machine);
        await bench.Measure(LatmusContext.Kern, cells: 3).OrThrow();
        byte[] result = new byte[LatmusResult.Size(3)];
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, result);
        int alarm = await bench.InBand.OpenAsync(AlarmDevice.Path).OrThrow();
        await bench.InBand.IoctlAsync(alarm, AlarmDevice.Sleep, 2_250_500_000).OrThrow();

        bench.Oob.Unblock();

        Assert.Equal(SysResult.Ok(), await run);
        LatmusResult read = LatmusResult.Read(result);
        Assert.Equal(new Measurement(0, 0, 0, 0, 251), read.Last);
        Assert.Equal([1251, 0, 0], read.Histogram!.Cells.ToArray());
    });

    [Fact]
    public void Run_NobodyReads_MessagesAreDroppedAndItGoesOn() => Simulation.Run(async machine =>
    {
        machine.AddDevice(AlarmDevice.Path, () => new AlarmDevice());
        LatmusBench bench = await LatmusBench.Open(machine);
        int small = await bench.InBand.CreateXbufAsync("small", Measurement.Size + 1, 0).OrThrow();
        await bench.Measure(LatmusContext.Irq, cells: 1, xfd: small).OrThrow();
        byte[] result = new byte[LatmusResult.Size(1)];
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, result);
        int alarm = await bench.InBand.OpenAsync(AlarmDevice.Path).OrThrow();
        await bench.InBand.IoctlAsync(alarm, AlarmDevice.Sleep, 5_000_500_000).OrThrow();

        bench.Oob.Unblock();

        Assert.Equal(SysResult.Ok(), await run);
        Assert.Equal(1u, LatmusResult.Read(result).Last.Samples);
        Assert.Equal(4001, LatmusResult.Read(result).Histogram!.Samples);
        Assert.Equal(Measurement.Size, (await bench.InBand.ReadAsync(small, new byte[Measurement.Size])).OrThrow());
        Assert.Equal(SysResult.Ok(), await bench.InBand.FcntlAsync(small, FcntlCommand.SetFl, (long)OpenFlags.NonBlock));
        Assert.Equal(Errno.EAGAIN, (await bench.InBand.ReadAsync(small, new byte[Measurement.Size])).Errno);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Tune_NoLatency_NoGravity(uint type) => Simulation.Run(async machine =>
    {
        LatmusBench bench = await LatmusBench.Open(machine);
        _ = machine.Engine.RunBody(() => SimulatedResponder.Answer(bench, _ => 0));

        Assert.Equal((SysResult.Ok(), 0), await Tune(bench, (LatmusContext)type));
    });

    [Fact]
    public void Tune_AlwaysLate_GravityThatMeasuringUsesUntilReset() => Simulation.Run(async machine =>
    {
        LatmusBench bench = await LatmusBench.Open(machine);
        _ = machine.Engine.RunBody(() => SimulatedResponder.Answer(bench, _ => 3000));

        (SysResult tuned, int gravity) = await Tune(bench, LatmusContext.User);

        Assert.Equal(SysResult.Ok(), tuned);
        Assert.InRange(gravity, 500, 3000);
        Assert.Equal(3000 - gravity, await FirstMin(bench));
        Assert.Equal(SysResult.Ok(), await bench.InBand.IoctlAsync(bench.Fd, LatmusIoctl.Reset));
        Assert.Equal(3000, await FirstMin(bench));
    });

    private static async Task<Measurement> Next(LatmusBench bench)
    {
        byte[] message = new byte[Measurement.Size];
        Assert.Equal(Measurement.Size, (await bench.InBand.ReadAsync(bench.Xfd, message)).OrThrow());
        return Measurement.Read(message);
    }

    private static async Task<(SysResult Result, int Gravity)> Tune(LatmusBench bench, LatmusContext type)
    {
        await bench.SetUp(LatmusIoctl.Tune, LatmusSetup.ForTune(type, 1_000_000, 98, 0, 0)).OrThrow();
        byte[] gravity = new byte[TuningResult.Size];
        SysResult tuned = await bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, gravity);
        return (tuned, TuningResult.Read(gravity));
    }

    private static async Task<int> FirstMin(LatmusBench bench)
    {
        await bench.Measure(LatmusContext.User).OrThrow();
        ValueTask<SysResult> run = bench.Oob.OobIoctlAsync(bench.Fd, LatmusIoctl.Run, new byte[24]);
        Measurement first = await Next(bench);
        bench.Oob.Unblock();
        Assert.Equal(SysResult.Ok(), await run);
        return first.Min;
    }
}

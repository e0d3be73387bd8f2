using System.Buffers.Binary;
using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>
/// The latmus driver: TUNE, MEASURE and RESET in-band, RUN and PULSE out-of-band. Each open file has a runner of its own; the
/// clock's gravity is the device's. Counterpart of drivers/evl/latmus.c.
/// </summary>
/// <param name="onlineCpus">CPUs 0 to this, exclusive, are online.</param>
/// <param name="print">Takes the lines that the driver prints, in its turns; null: nobody does.</param>
internal sealed class LatmusDevice(int onlineCpus, Action<string>? print = null) : CharDevice
{
    /// <summary>Where the program puts it.</summary>
    internal const string Path = "/dev/latmus";

    /// <summary>The clock's gravity.</summary>
    internal ClockGravity Gravity { get; } = new();

    /// <summary>The machine's monotonic clock.</summary>
    internal long NowNs => MonotonicNs;

    internal EvlTimer NewTimer(Func<InterruptContext, IoTask> handler) => CreateTimer(handler);

    internal KernelThread NewThread(string name, int priority, Func<KernelThread, IoTask> body) =>
        RunKernelThread(name, priority, body);

    /// <inheritdoc/>
    protected override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected override async IoTask Release(IoCall call)
    {
        await DestroyRunner(call);
        await call.File.ReleaseOob();
        return 0;
    }

    /// <inheritdoc/>
    protected override async IoTask Ioctl(IoCall call)
    {
        switch (call.Command)
        {
            case LatmusIoctl.Tune:
            case LatmusIoctl.Measure:
                return await SetUp(call, isTune: call.Command == LatmusIoctl.Tune);
            case LatmusIoctl.Reset:
                Gravity.Reset();
                return 0;
            default:
                return Errno.ENOTTY;
        }
    }

    /// <inheritdoc/>
    protected override IoTask CompatIoctl(IoCall call) => Ioctl(call);

    /// <inheritdoc/>
    protected override IoTask OobIoctl(IoCall call)
    {
        bool isRun = call.Command == LatmusIoctl.Run;
        if (!isRun && call.Command != LatmusIoctl.Pulse)
            return SysResult.Error(Errno.ENOTTY);
        if (call.File.PrivateData is not LatmusRunner runner)
            return SysResult.Error(Errno.EAGAIN);
        return isRun ? runner.Run(call) : Pulse(call, runner);
    }

    /// <inheritdoc/>
    protected override IoTask CompatOobIoctl(IoCall call) => OobIoctl(call);

    private static IoTask Pulse(IoCall call, LatmusRunner runner)
    {
        Span<byte> stamp = stackalloc byte[sizeof(long)];
        return call.RawCopyFromUser(stamp) == 0
            ? runner.Pulse(call, BinaryPrimitives.ReadInt64LittleEndian(stamp))
            : SysResult.Error(Errno.EFAULT);
    }

    private static async IoTask DestroyRunner(IoCall call)
    {
        // Another call may make one while this one waits for a kernel thread to end.
        while (call.File.PrivateData is LatmusRunner runner)
        {
            call.File.PrivateData = null;
            await runner.Destroy(call);
        }
        return 0;
    }

    private async IoTask SetUp(IoCall call, bool isTune)
    {
        byte[] argument = new byte[LatmusSetup.Size];
        if (await call.CopyFromUser(argument) != 0)
            return Errno.EFAULT;
        LatmusSetup setup = LatmusSetup.Read(argument);
        if (setup.Check(isTune, (uint)onlineCpus) is var refused and not Errno.None)
            return refused;
        await DestroyRunner(call);
        LatmusJob job = isTune ? new TuneJob(setup, Gravity, print) : new MeasureJob(setup);
        call.File.PrivateData = setup.Type switch
        {
            LatmusContext.Irq => new IrqRunner(this, setup, job),
            LatmusContext.Sirq => new SirqRunner(this, setup, job),
            LatmusContext.Kern => new KernelRunner(this, setup, job),
            _ => (LatmusRunner)new UserRunner(this, setup, job),
        };
        return 0;
    }
}

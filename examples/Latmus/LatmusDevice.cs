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

    private static readonly IoctlTable<LatmusDevice> s_commands = new IoctlTableBuilder<LatmusDevice>()
        .Handler(LatmusIoctl.Tune, (latmus, call) => latmus.SetUp(call, isTune: true))
        .Handler(LatmusIoctl.Measure, (latmus, call) => latmus.SetUp(call, isTune: false))
        .Io(LatmusIoctl.Reset, (latmus, _) => latmus.Reset())
        .Build();

    private static readonly IoctlTable<LatmusDevice> s_oobCommands = new IoctlTableBuilder<LatmusDevice>()
        .Handler(LatmusIoctl.Run, (_, call) => OnRunner(call, (run, runner) => runner.Run(run)))
        .Handler(LatmusIoctl.Pulse, (_, call) => OnRunner(call, Pulse))
        .Build();

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
    protected override IoTask Ioctl(IoCall call) => s_commands.Run(this, call);

    /// <inheritdoc/>
    protected override IoTask CompatIoctl(IoCall call) => CompatPtrIoctl(call);

    /// <inheritdoc/>
    protected override IoTask OobIoctl(IoCall call) => s_oobCommands.Run(this, call);

    /// <inheritdoc/>
    protected override IoTask CompatOobIoctl(IoCall call) => CompatPtrOobIoctl(call);

    private static IoTask OnRunner(IoCall call, Func<IoCall, LatmusRunner, IoTask> command) =>
        call.File.PrivateData is LatmusRunner runner ? command(call, runner) : SysResult.Error(Errno.EAGAIN);

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

    private SysResult Reset()
    {
        Gravity.Reset();
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

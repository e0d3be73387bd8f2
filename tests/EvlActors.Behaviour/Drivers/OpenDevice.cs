using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver whose ioctl handlers are given by the test, and whose services they may use.</summary>
internal sealed class OpenDevice : CharDevice
{
    internal const string Path = "/dev/services";

    /// <summary>What ioctl does, by command.</summary>
    internal Dictionary<uint, Func<IoCall, IoTask>> InBand { get; } = [];

    /// <summary>What oob_ioctl does, by command; else what <see cref="InBand"/> says.</summary>
    internal Dictionary<uint, Func<IoCall, IoTask>> OutOfBand { get; } = [];

    /// <summary>What release does before it gives the oob reference back.</summary>
    internal Func<IoCall, IoTask>? OnRelease { get; set; }

    internal long NowNs => MonotonicNs;

    /// <summary>Opens one for an in-band and an oob thread.</summary>
    internal static async Task<(UserThread InBand, UserThread Oob, int Fd, OpenDevice Device)> Start(Scenario s)
    {
        var device = new OpenDevice();
        s.Machine.AddDevice(Path, () => device);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread inBand = app.CreateThread();
        return (inBand, await s.OobThread(app), await inBand.OpenAsync(Path).OrThrow(), device);
    }

    internal KernelThread Run(string name, Func<KernelThread, IoTask> body, int priority = 30, int cpu = 0) =>
        RunKernelThread(name, priority, body, cpu);

    internal EvlTimer NewTimer(Func<InterruptContext, IoTask> handler) => CreateTimer(handler);

    internal IrqWork NewWork(Action<IrqWorkContext> handler) => CreateIrqWork(handler);

    internal Wait CallOob(IoContext context, Func<OobCallContext, SysResult> function) => RunOobCall(context, function);

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override async IoTask Release(IoCall call)
    {
        if (OnRelease is { } before)
            await before(call);
        await call.File.ReleaseOob();
        return 0;
    }

    protected internal override IoTask Ioctl(IoCall call) =>
        InBand.TryGetValue(call.Command, out Func<IoCall, IoTask>? handler) ? handler(call) : SysResult.Error(Errno.ENOTTY);

    protected internal override IoTask OobIoctl(IoCall call) =>
        OutOfBand.TryGetValue(call.Command, out Func<IoCall, IoTask>? handler) ? handler(call) : Ioctl(call);
}

using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver of several nodes: an ioctl tells which was opened. It has a timer and a kernel thread that nobody stops.</summary>
internal sealed class NumberedDevice : CharDevice
{
    internal const uint WhichNode = 1;
    internal const uint StartServices = 2;

    private readonly WaitQueue _never = new();

    internal bool HasThreadEnded { get; private set; }

    internal int Shots { get; private set; }

    internal Task? OpenWaits { get; set; }

    protected internal override async IoTask Open(IoCall call)
    {
        if (OpenWaits is { } wait)
            await wait;
        return 0;
    }

    protected internal override IoTask Ioctl(IoCall call)
    {
        if (call.Command == WhichNode)
            return SysResult.Ok(call.File.Number.Minor);
        CreateTimer(_ =>
        {
            Shots++;
            return SysResult.Ok();
        }).Start(MonotonicNs + 1_000_000, 1_000_000);
        RunKernelThread("stray", 10, async thread =>
        {
            while (!thread.ShouldStop)
                await _never.Wait(thread);
            HasThreadEnded = true;
            return 0;
        });
        return SysResult.Ok();
    }
}

using EvlActors;
using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace Latmus.Tests;

/// <summary>A driver that measures nothing: as soon as RUN begins it sends what a test gave it, one message each period.</summary>
internal sealed class ScriptedLatmus(params Measurement[] script) : CharDevice
{
    private readonly WaitQueue _sleepers = new();
    private readonly TaskCompletionSource<int> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _xfd;

    /// <summary>The time between two messages; the first comes after twice that.</summary>
    public long PeriodNs { get; init; } = 1_000_000_000;

    /// <summary>The pid of the process that has called RUN, once it has.</summary>
    public Task<int> Running => _running.Task;

    protected override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected override async IoTask Release(IoCall call)
    {
        _sleepers.Flush();
        await call.File.ReleaseOob();
        return 0;
    }

    protected override async IoTask Ioctl(IoCall call)
    {
        byte[] setup = new byte[LatmusSetup.Size];
        await call.CopyFromUser(setup);
        _xfd = LatmusSetup.Read(setup).Xfd;
        return 0;
    }

    protected override async IoTask OobIoctl(IoCall call)
    {
        if (call.Command == LatmusIoctl.Pulse)
            return await _sleepers.Wait(call);
        using XbufReference xbuf = (await XbufReference.Get(call, _xfd))!;
        var ticks = new EvlFlag();
        EvlTimer timer = CreateTimer(_ =>
        {
            ticks.Raise();
            return SysResult.Ok();
        });
        timer.Start(MonotonicNs + (2 * PeriodNs), PeriodNs);
        _running.TrySetResult(call.Pid);
        byte[] message = new byte[Measurement.Size];
        int next = 0;
        while (await ticks.Wait(call) is { IsError: false })
        {
            if (next == script.Length)
                continue;
            script[next++].Write(message);
            await xbuf.Write(call, message, OpenFlags.NonBlock);
        }

        timer.Destroy();
        call.RawCopyToUser(new byte[call.Count]);
        return 0;
    }
}

using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace EvlActors.Behaviour;

/// <summary>A driver that throws where the test says, and whose handlers wait in every way that there is.</summary>
internal sealed class FragileDevice : CharDevice
{
    /// <summary>oob_ioctl: sleeps interruptibly, and counts in <see cref="Cleaned"/> when it leaves.</summary>
    internal const uint Sleep = 1;

    /// <summary>oob_ioctl: sleeps whatever comes, ignoring errors.</summary>
    internal const uint SleepAlways = 2;

    /// <summary>oob_ioctl: sleeps uninterruptibly, once.</summary>
    internal const uint SleepDeep = 3;

    /// <summary>oob_ioctl: awaits <see cref="Foreign"/>.</summary>
    internal const uint AwaitForeign = 4;

    /// <summary>oob_ioctl: takes the file of the descriptor in the argument and keeps it.</summary>
    internal const uint Keep = 5;

    /// <summary>ioctl: throws in a timer's handler.</summary>
    internal const uint ThrowInTimer = 6;

    /// <summary>ioctl: throws in a kernel thread.</summary>
    internal const uint ThrowInThread = 7;

    /// <summary>ioctl: wakes the sleepers, then throws in the same turn.</summary>
    internal const uint WakeAndThrow = 8;

    /// <summary>oob_ioctl: takes the cross-buffer in the argument and reads from it, blocking.</summary>
    internal const uint ReadXbuf = 9;

    /// <summary>oob_ioctl: sleeps, and throws when it leaves.</summary>
    internal const uint SleepAndThrow = 10;

    /// <summary>ioctl: starts a timer that counts in <see cref="Ticks"/> every 10 us, and a kernel thread that sleeps.</summary>
    internal const uint StartTimerAndThread = 11;

    private readonly WaitQueue _queue = new();
    private readonly PollHead _pollers = new();
    private EvlFileReference? _kept;

    /// <summary>The operation that throws, or null.</summary>
    internal FileOperation? Throws { get; set; }

    /// <summary>What <see cref="AwaitForeign"/> waits for.</summary>
    internal Task Foreign { get; init; } = Task.CompletedTask;

    /// <summary>The closing handler that sleeps first, or null.</summary>
    internal FileOperation? SleepsIn { get; init; }

    /// <summary>What polls answer.</summary>
    internal PollEvents Ready { get; init; } = PollEvents.Default;

    /// <summary>How often its timer expired.</summary>
    internal int Ticks { get; private set; }

    /// <summary>How many sleepers ran their finally.</summary>
    internal int Cleaned { get; private set; }

    /// <summary>What the sleeps returned.</summary>
    internal List<SysResult> Woken { get; } = [];

    /// <summary>How many flush and release handlers were called.</summary>
    internal int Closings { get; private set; }

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return Do(FileOperation.Open);
    }

    protected internal override async IoTask Flush(IoCall call)
    {
        Closings++;
        if (SleepsIn == FileOperation.Flush && await Clean(_queue.Wait(call)) is { IsError: true } woken)
            return woken;
        return await Do(FileOperation.Flush);
    }

    protected internal override async IoTask Release(IoCall call)
    {
        Closings++;
        if (SleepsIn == FileOperation.Release)
            await Clean(_queue.WaitUninterruptible(call));
        await Do(FileOperation.Release);
        _queue.Flush();
        await call.File.ReleaseOob();
        return 0;
    }

    protected internal override IoTask Read(IoCall call) => Do(FileOperation.Read);

    protected internal override IoTask Write(IoCall call) => Do(FileOperation.Write);

    protected internal override IoTask OobRead(IoCall call) => Do(FileOperation.OobRead);

    protected internal override IoTask OobWrite(IoCall call) => Do(FileOperation.OobWrite);

    protected internal override IoTask Llseek(IoCall call) => Do(FileOperation.Llseek);

    protected internal override IoTask Fsync(IoCall call) => Do(FileOperation.Fsync);

    protected internal override IoTask Fasync(IoCall call) => Do(FileOperation.Fasync);

    protected internal override IoTask CompatIoctl(IoCall call) => Do(FileOperation.CompatIoctl);

    protected internal override IoTask CompatOobIoctl(IoCall call) => Do(FileOperation.CompatOobIoctl);

    protected internal override IoTask VmClose(IoCall call) => Do(FileOperation.VmClose);

    protected internal override IoTask Mmap(IoCall call)
    {
        call.Map(new byte[call.Length]);
        return Do(FileOperation.Mmap);
    }

    protected internal override PollEvents Poll(PollTable table) => Ask(table, FileOperation.Poll);

    protected internal override PollEvents OobPoll(PollTable table) => Ask(table, FileOperation.OobPoll);

    protected internal override async IoTask Ioctl(IoCall call)
    {
        await Do(FileOperation.Ioctl);
        switch (call.Command)
        {
            case ThrowInTimer:
                CreateTimer(_ => throw new InvalidOperationException("planted")).Start(MonotonicNs);
                return 0;
            case ThrowInThread:
                RunKernelThread("thrower", 10, _ => throw new InvalidOperationException("planted"));
                return 0;
            case StartTimerAndThread:
                CreateTimer(Tick).Start(MonotonicNs, 10_000);
                RunKernelThread("sleeper", 10, self => Clean(_queue.Wait(self)));
                return 0;
            case WakeAndThrow:
                _queue.WakeAll();
                throw new InvalidOperationException("planted");
            default:
                return Errno.ENOTTY;
        }
    }

    protected internal override async IoTask OobIoctl(IoCall call)
    {
        await Do(FileOperation.OobIoctl);
        switch (call.Command)
        {
            case Sleep:
                return await Clean(_queue.Wait(call));
            case SleepAlways:
                while (true)
                    Woken.Add(await _queue.Wait(call));
            case SleepAndThrow:
                try
                {
                    return await Clean(_queue.Wait(call));
                }
                finally
                {
                    await Task.FromException(new InvalidOperationException("planted on the way out"));
                }
            case SleepDeep:
                return await Clean(_queue.WaitUninterruptible(call));
            case AwaitForeign:
                await Foreign;
                return 0;
            case Keep:
                _kept = await call.GetFile((int)call.Argument);
                return _kept is null ? Errno.EBADF : 0;
            case ReadXbuf:
                using (XbufReference? xbuf = await XbufReference.Get(call, (int)call.Argument))
                {
                    SysResult read = await xbuf!.Read(call, new byte[4]);
                    Woken.Add(read);
                    return read;
                }
            default:
                return Errno.ENOTTY;
        }
    }

    private PollEvents Ask(PollTable table, FileOperation operation)
    {
        table.Watch(_pollers);
        return operation == Throws ? throw new InvalidOperationException("planted") : Ready;
    }

    private IoTask Tick(InterruptContext context)
    {
        Ticks++;
        return SysResult.Ok();
    }

    private async IoTask Clean(Wait wait)
    {
        try
        {
            SysResult woken = await wait;
            Woken.Add(woken);
            return woken;
        }
        finally
        {
            Cleaned++;
        }
    }

    private IoTask Do(FileOperation operation) =>
        operation == Throws ? throw new InvalidOperationException("planted") : SysResult.Ok();
}

using System.Buffers.Binary;
using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace EvlActors.Behaviour;

/// <summary>A driver that uses a cross-buffer from every context: an oob call, an in-band call, a kernel thread, a timer.</summary>
internal sealed class TransferDevice : CharDevice
{
    /// <summary>Takes the cross-buffer of the descriptor in the argument.</summary>
    internal const uint Bind = 1;

    /// <summary>Puts it.</summary>
    internal const uint Unbind = 2;

    /// <summary>Writes as many bytes as the argument says, blocking; they count up from 0.</summary>
    internal const uint WriteXbuf = 3;

    /// <summary>Writes as many, not blocking.</summary>
    internal const uint TryWrite = 4;

    /// <summary>Reads as many, blocking.</summary>
    internal const uint ReadXbuf = 5;

    /// <summary>Reads as many, not blocking.</summary>
    internal const uint TryRead = 6;

    /// <summary>Starts a kernel thread that writes messages of 4 bytes, blocking, until a write fails.</summary>
    internal const uint StartThread = 7;

    /// <summary>Stops it and waits for its end; answers the errno of its last write.</summary>
    internal const uint StopThread = 8;

    /// <summary>Starts a timer that writes 4 bytes twice, then reads twice; see <see cref="TimerResults"/>.</summary>
    internal const uint StartTimer = 9;

    /// <summary>Sleeps until the timer's handler has ended.</summary>
    internal const uint AwaitTimer = 10;

    /// <summary>Reads one byte after another, blocking, as many as the argument says; answers how many it got.</summary>
    internal const uint ReadBytes = 11;

    /// <summary>Starts a kernel thread that writes 4 bytes and then sleeps, whatever it is told meanwhile.</summary>
    internal const uint StartSleeper = 12;

    private readonly WaitQueue _ofTimer = new();
    private readonly WaitQueue _ofThread = new();
    private XbufReference? _xbuf;
    private KernelThread? _thread;
    private EvlTimer? _timer;
    private Errno _threadEnded;

    /// <summary>What the timer's writes and reads answered: each not blocking, then blocking.</summary>
    internal List<SysResult> TimerResults { get; } = [];

    /// <summary>How many messages the kernel thread wrote.</summary>
    internal int Written { get; private set; }

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override IoTask Ioctl(IoCall call) => Do(call);

    protected internal override IoTask OobIoctl(IoCall call) => Do(call);

    private async IoTask Do(IoCall call)
    {
        switch (call.Command)
        {
            case Bind:
                _xbuf = await XbufReference.Get(call, (int)call.Argument);
                return _xbuf is null ? Errno.EBADF : 0;
            case Unbind:
                Bound.Put();
                return 0;
            case WriteXbuf:
                return await Bound.Write(call, CountingUp(call.Argument));
            case TryWrite:
                return await Bound.Write(call, CountingUp(call.Argument), OpenFlags.NonBlock);
            case ReadXbuf:
                return await Bound.Read(call, new byte[call.Argument]);
            case TryRead:
                return await Bound.Read(call, new byte[call.Argument], OpenFlags.NonBlock);
            case StartThread:
                _thread = RunKernelThread("writer", 40, WriteOn);
                return 0;
            case StopThread:
                await _thread!.Stop(call);
                return _threadEnded;
            case StartSleeper:
                _thread = RunKernelThread("sleeper", 40, WriteThenSleep);
                return 0;
            case ReadBytes:
                return await ReadOneByOne(call, call.Argument);
            case StartTimer:
                _timer = CreateTimer(OnTimer);
                _timer.Start(MonotonicNs);
                return 0;
            case AwaitTimer:
                while (TimerResults.Count < 4)
                {
                    if (await _ofTimer.Wait(call) is { IsError: true } interrupted)
                        return interrupted;
                }
                return 0;
            default:
                return Errno.ENOTTY;
        }
    }

    private XbufReference Bound => _xbuf ?? throw new InvalidOperationException("Bind first.");

    private static byte[] CountingUp(long count) => [.. Enumerable.Range(0, (int)count).Select(i => (byte)i)];

    private async IoTask ReadOneByOne(IoCall call, long count)
    {
        long read = 0;
        while (read < count && await Bound.Read(call, new byte[1]) is { IsError: false })
            read++;
        return read;
    }

    private async IoTask WriteThenSleep(KernelThread self)
    {
        await Bound.Write(self, new byte[4]);
        _threadEnded = (await _ofThread.Wait(self)).Errno;
        return 0;
    }

    private async IoTask WriteOn(KernelThread self)
    {
        byte[] message = new byte[4];
        while (!self.ShouldStop)
        {
            BinaryPrimitives.WriteInt32LittleEndian(message, Written);
            SysResult result = await Bound.Write(self, message);
            _threadEnded = result.Errno;
            if (result.IsError)
                break;
            Written++;
        }
        return 0;
    }

    private async IoTask OnTimer(InterruptContext context)
    {
        TimerResults.Add(await Bound.Write(context, new byte[4], OpenFlags.NonBlock));
        TimerResults.Add(await Bound.Write(context, new byte[4]));
        TimerResults.Add(await Bound.Read(context, new byte[4], OpenFlags.NonBlock));
        TimerResults.Add(await Bound.Read(context, new byte[4]));
        _ofTimer.WakeAll();
        return 0;
    }
}

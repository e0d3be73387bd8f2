using EvlActors.Behaviour.InBand;
using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver that notifies when it is told to, from each kind of handler; it writes down fasync and release.</summary>
internal sealed class BellDevice(Log log) : CharDevice
{
    /// <summary>ioctl, oob_ioctl: the argument is the code of an event.</summary>
    internal const uint Ring = 1;

    /// <summary>ioctl: as <see cref="Ring"/>, with SIGURG.</summary>
    internal const uint RingUrgent = 2;

    /// <summary>ioctl: a timer rings POLL_IN a millisecond later.</summary>
    internal const uint RingLater = 3;

    /// <summary>ioctl: fasync_helper on, for the descriptor of the argument; the result is the answer.</summary>
    internal const uint Insert = 4;

    /// <summary>ioctl: fasync_helper off; the result is the answer.</summary>
    internal const uint Remove = 5;

    /// <summary>ioctl: fasync_helper on, for a second list, which nothing rings.</summary>
    internal const uint InsertInOther = 6;

    /// <summary>ioctl: the device fails.</summary>
    internal const uint Break = 7;

    /// <summary>oob_ioctl: sleeps until the device fails, then rings.</summary>
    internal const uint RingWhenBroken = 8;

    private readonly FasyncList _bells = new();
    private readonly FasyncList _other = new();
    private readonly WaitQueue _asleep = new(WaitOrder.Fifo);
    private EvlTimer? _timer;

    /// <summary>Whether nobody is in the list that is rung.</summary>
    internal bool IsEmpty => _bells.IsEmpty;

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        _timer ??= CreateTimer(_ =>
        {
            _bells.KillFasync(Signal.SIGIO, PollCode.In);
            return SysResult.Ok();
        });
        return SysResult.Ok();
    }

    protected internal override async IoTask Release(IoCall call)
    {
        log.Add("release");
        // As a driver does that does not rely on the call before: harmless.
        _bells.FasyncHelper(-1, call.File, false);
        await call.File.ReleaseOob();
        return 0;
    }

    protected internal override IoTask Fasync(IoCall call)
    {
        log.Add($"fasync {call.Fd} {(call.AsyncOn ? "on" : "off")}");
        return _bells.FasyncHelper(call.Fd, call.File, call.AsyncOn);
    }

    protected internal override IoTask Ioctl(IoCall call)
    {
        switch (call.Command)
        {
            case Ring:
                _bells.KillFasync(Signal.SIGIO, (PollCode)call.Argument);
                return SysResult.Ok();
            case RingUrgent:
                _bells.KillFasync(Signal.SIGURG, (PollCode)call.Argument);
                return SysResult.Ok();
            case RingLater:
                _timer!.Start(MonotonicNs + 1_000_000);
                return SysResult.Ok();
            case Insert:
                return _bells.FasyncHelper((int)call.Argument, call.File, true);
            case Remove:
                return _bells.FasyncHelper(-1, call.File, false);
            case InsertInOther:
                return _other.FasyncHelper((int)call.Argument, call.File, true);
            case Break:
                throw new InvalidOperationException("planted");
            default:
                return SysResult.Error(Errno.ENOTTY);
        }
    }

    protected internal override async IoTask OobIoctl(IoCall call)
    {
        if (call.Command == RingWhenBroken)
            await _asleep.Wait(call);
        _bells.KillFasync(Signal.SIGIO, PollCode.In);
        return 0;
    }
}

using System.Buffers.Binary;
using EvlActors.Drivers;

namespace EvlActors.Benchmarks.Isolation;

/// <summary>A timer that wakes who reads out-of-band, and gives it the date of the tick: what latmus does in its user context.</summary>
internal sealed class TickDevice : CharDevice
{
    public const string Path = "/dev/tick";

    /// <summary>One tick a millisecond.</summary>
    public const long IntervalNs = 1_000_000;

    private readonly EvlFlag _ticked = new();
    private EvlTimer? _timer;
    private long _dateNs;

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        _timer ??= CreateTimer(interrupt =>
        {
            _dateNs = interrupt.DateNs;
            _ticked.Raise();
            return SysResult.Ok();
        });
        _timer.Start(MonotonicNs + IntervalNs, IntervalNs);
        return SysResult.Ok();
    }

    protected internal override async IoTask Release(IoCall call)
    {
        _timer?.Stop();
        _ticked.Flush();
        await call.File.ReleaseOob();
        return 0;
    }

    protected internal override async IoTask OobRead(IoCall call)
    {
        SysResult ticked = await _ticked.Wait(call);
        if (ticked.IsError)
            return ticked;
        Span<byte> date = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(date, _dateNs);
        return call.RawCopyToUser(date) == 0 ? sizeof(long) : Errno.EFAULT;
    }
}

using EvlActors;
using EvlActors.Drivers;

namespace WorkerService;

/// <summary>A simulated sensor: an interrupt takes a sample every millisecond, which an out-of-band read waits for.</summary>
internal sealed class SensorDevice : CharDevice
{
    private const long PeriodNs = 1_000_000;

    private readonly WaitQueue _readers = new();
    private readonly byte[] _sample = new byte[Reading.Bytes];
    private EvlTimer? _timer;
    private long _samples;
    private long _taken;

    protected override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        _timer ??= CreateTimer(Sample);
        _timer.Start(MonotonicNs + PeriodNs, PeriodNs);
        return SysResult.Ok();
    }

    protected override async IoTask OobRead(IoCall call)
    {
        if (call.Count < Reading.Bytes)
            return Errno.EINVAL;
        while (_taken == _samples)
        {
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await _readers.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        _taken = _samples;
        return call.RawCopyToUser(_sample) == 0 ? _sample.Length : Errno.EFAULT;
    }

    protected override async IoTask Release(IoCall call)
    {
        _timer!.Stop(); // set by Open
        _readers.Flush();
        await call.File.ReleaseOob();
        return 0;
    }

    // In interrupt context: a sine of half a second, with the date for which the sample was due.
    private IoTask Sample(InterruptContext context)
    {
        _samples++;
        new Reading(context.DateNs, 20 + Math.Sin(_samples * Math.Tau / 500)).WriteTo(_sample);
        _readers.WakeAll();
        return SysResult.Ok();
    }
}

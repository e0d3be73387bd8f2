using EvlActors;
using EvlActors.Drivers;

namespace AkkaHost;

/// <summary>
/// A driver: every 20 ms a timer takes a sample, which an out-of-band read waits for. An ioctl that it does not expect makes it
/// fail, and the next open has a new one.
/// </summary>
internal sealed class SensorDevice : CharDevice
{
    internal const uint Break = 0xBAD;

    private const long PeriodNs = 20_000_000;

    private readonly WaitQueue _readers = new();
    private EvlTimer? _timer;
    private int _sample;
    private int _taken;

    protected override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        _timer = CreateTimer(Tick);
        _timer.Start(MonotonicNs + PeriodNs, PeriodNs);
        return SysResult.Ok();
    }

    protected override async IoTask OobRead(IoCall call)
    {
        while (_taken == _sample)
        {
            if (await _readers.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        _taken = _sample;
        return call.RawCopyToUser(BitConverter.GetBytes(_sample)) == 0 ? sizeof(int) : Errno.EFAULT;
    }

    protected override IoTask Ioctl(IoCall call) => call.Command == Break
        ? throw new InvalidOperationException("the sensor is broken")
        : SysResult.Error(Errno.ENOTTY);

    protected override async IoTask Release(IoCall call)
    {
        _timer!.Stop(); // set by Open
        _readers.Flush();
        await call.File.ReleaseOob();
        return 0;
    }

    private IoTask Tick(InterruptContext context)
    {
        _sample++;
        _readers.WakeAll();
        return SysResult.Ok();
    }
}

using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>
/// What TUNE and MEASURE make for an open file: a periodic timer, and whoever responds to it. Its job is what RUN does. It is
/// used in turns of its device.
/// </summary>
internal abstract class LatmusRunner
{
    private readonly LatmusDevice _device;
    private readonly LatmusSetup _setup;
    private readonly LatmusJob _job;
    private readonly ShotSchedule _schedule;
    private readonly EvlTimer _timer;
    private readonly WaitQueue _sitters = new();
    private bool _isTaken;

    protected LatmusRunner(LatmusDevice device, LatmusSetup setup, LatmusJob job)
    {
        _device = device;
        _setup = setup;
        _job = job;
        _schedule = new ShotSchedule((long)setup.Period);
        _timer = device.NewTimer(Shoot);
    }

    /// <summary>Whether a round is on: the timer shoots.</summary>
    protected bool IsInRound { get; private set; }

    /// <summary>Whether TUNE, MEASURE or the release has replaced it: nobody sleeps in it any more.</summary>
    protected bool IsGone { get; private set; }

    /// <summary>Whether there was a shot in this round that nobody answered yet.</summary>
    protected bool IsDue => IsInRound && _schedule.IsDue;

    /// <summary>RUN.</summary>
    internal async IoTask Run(IoCall call)
    {
        if (call.Count != _job.ResultSize)
            return Errno.EINVAL;
        if (_isTaken)
            return Errno.EBUSY;
        _isTaken = true;
        SysResult result = await _job.Run(call, this);
        _isTaken = false;
        return result;
    }

    /// <summary>PULSE: the last stamp, and a wait for the next shot. Only a user thread does that.</summary>
    internal virtual IoTask Pulse(IoCall call, long stampNs) => SysResult.Error(Errno.EINVAL);

    /// <summary>Starts shooting.</summary>
    /// <returns>The first ideal date: now, or the gravity later.</returns>
    internal long BeginRound()
    {
        long gravity = _device.Gravity[_setup.Type];
        long now = _device.NowNs;
        _schedule.Begin(now + gravity, gravity);
        IsInRound = true;
        _timer.Start(now, (long)_setup.Period);
        return now + gravity;
    }

    /// <summary>Stops shooting.</summary>
    internal void EndRound()
    {
        _timer.Stop();
        IsInRound = false;
        RoundEnded();
    }

    /// <summary>Sleeps as RUN does.</summary>
    /// <returns>0: woken by the job; else why RUN has to end.</returns>
    internal async IoTask Sit(IoCall call) => IsGone ? Errno.EIDRM : await _sitters.Wait(call);

    /// <summary>Has the job look at what it has.</summary>
    internal void WakeSitter() => _sitters.WakeAll();

    /// <summary>Ends every sleep in it, and stops what it runs.</summary>
    internal virtual IoTask Destroy(IoContext context)
    {
        IsGone = true;
        _timer.Destroy();
        _sitters.Flush();
        return SysResult.Ok();
    }

    /// <summary>The timer has shot, in interrupt context: stamps, or wakes who stamps.</summary>
    protected abstract IoTask Respond(InterruptContext interrupt);

    /// <summary>Nobody will be woken in this round any more.</summary>
    protected virtual void RoundEnded()
    {
    }

    /// <summary>The responder's answer to the shot that is due; ignored if none is.</summary>
    protected IoTask Answer(IoContext context, long stampNs) =>
        IsInRound && _schedule.TryAnswer(stampNs, out Shot shot) ? _job.Add(context, shot, this) : SysResult.Ok();

    /// <summary>A stamp.</summary>
    protected long NowNs => _device.NowNs;

    private IoTask Shoot(InterruptContext interrupt)
    {
        _schedule.Fired(interrupt.DateNs);
        return Respond(interrupt);
    }
}

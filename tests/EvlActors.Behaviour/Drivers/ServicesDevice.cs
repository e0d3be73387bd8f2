using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver whose handlers are the services that drivers use, one command each.</summary>
internal sealed class ServicesDevice : CharDevice
{
    internal const uint FlagWait = 1;
    internal const uint FlagRaise = 2;
    internal const uint FlagPulse = 3;
    internal const uint FifoWait = 4;
    internal const uint PriorityWait = 5;
    internal const uint WakeAll = 6;
    internal const uint StartTimer = 7;
    internal const uint StopTimer = 8;
    internal const uint AwaitShots = 9;
    internal const uint StartThread = 10;
    internal const uint StopThread = 11;

    private readonly EvlFlag _flag = new();
    private readonly WaitQueue _fifo = new(WaitOrder.Fifo);
    private readonly WaitQueue _byPriority = new();
    private readonly WaitQueue _shotTaken = new();
    private EvlTimer? _timer;
    private KernelThread? _thread;

    /// <summary>Dates of the timer's shots after its start, with the periods missed before each.</summary>
    internal List<(long AfterNs, long Overruns)> Shots { get; } = [];

    /// <summary>The callers in the order in which they left a wait queue.</summary>
    internal List<int> Left { get; } = [];

    /// <summary>What the kernel thread's sleeps returned.</summary>
    internal List<SysResult> Sleeps { get; } = [];

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override IoTask Ioctl(IoCall call) => OobIoctl(call);

    protected internal override async IoTask OobIoctl(IoCall call)
    {
        switch (call.Command)
        {
            case FlagWait:
                return await _flag.Wait(call);
            case FlagRaise:
                _flag.Raise();
                return 0;
            case FlagPulse:
                _flag.Pulse();
                return 0;
            case FifoWait:
                return await Leave(call, _fifo.Wait(call));
            case PriorityWait:
                return await Leave(call, _byPriority.Wait(call));
            case WakeAll:
                _fifo.WakeAll();
                _byPriority.WakeAll();
                return 0;
            case StartTimer:
                Start(call.Argument);
                return 0;
            case StopTimer:
                _timer!.Stop();
                return _timer.IsRunning ? 1 : 0;
            case AwaitShots:
                while (Shots.Count < call.Argument)
                {
                    if (await _shotTaken.Wait(call) is { IsError: true } interrupted)
                        return interrupted;
                }
                return 0;
            case StartThread:
                _thread = RunKernelThread("sleeper", 30, SleepTwice);
                return 0;
            case StopThread:
                return await _thread!.Stop(call);
            default:
                return Errno.ENOTTY;
        }
    }

    private async IoTask Leave(IoCall call, Wait wait)
    {
        int tid = call.Tid;
        SysResult woken = await wait;
        Left.Add(tid);
        return woken;
    }

    // The argument says how long ago, in microseconds, the first date was; the interval is 1 ms.
    private void Start(long lateUs)
    {
        long first = MonotonicNs - (lateUs * 1000);
        Shots.Clear();
        _timer?.Stop();
        _timer = CreateTimer(context =>
        {
            Shots.Add((context.DateNs - first, context.Overruns));
            _shotTaken.WakeAll();
            return SysResult.Ok();
        });
        _timer.Start(first, 1_000_000);
    }

    private async IoTask SleepTwice(KernelThread self)
    {
        Sleeps.Add(await self.Join(self));
        Sleeps.Add(await _byPriority.Wait(self));
        return 0;
    }
}

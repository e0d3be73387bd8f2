using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// poll(2) and select(2) of one thread. Counterpart of do_poll and do_select with their <c>struct poll_wqueues</c>. The first
/// scan watches each file and holds a reference on it while the call sleeps; each later one, after a wake-up and at the timeout,
/// looks the numbers up afresh. All questions of a scan are under way at once.
/// </summary>
internal sealed class PollWaiter(MachineContext context) : Actor, IPollAsker
{
    /// <summary>The timeout of a call that has none.</summary>
    internal const long ForEver = -1;

    private readonly PollRequest _poll = new PollFdRequest();
    private readonly PollRequest _select = new SelectRequest();
    private PollQuery[] _queries = [];
    private int _count;
    private int _awaited;
    private PollGlance? _glance;
    private PollPhase _phase;
    private ActorTimer? _timer;

    // The call under way.
    private Call? _call;
    private PollRequest _request = null!; // set with the call
    private long _timeoutNs;
    private long _dueNs;
    private int _sleepNumber;
    private SysResult _result;
    private bool _isFirstScan;
    private bool _isLastScan;
    private bool _isTimedOut;
    private bool _isInterrupted;
    private bool _isWoken;

    /// <summary>Adds a file to the call that begins.</summary>
    internal void Add(int fd, PollEvents events, int index)
    {
        if (_count == _queries.Length)
            Array.Resize(ref _queries, Math.Max(8, _count * 2));
        PollQuery query = _queries[_count++] ??= new PollQuery(Self, this);
        query.Fd = fd;
        query.Events = events;
        query.Index = index;
    }

    /// <inheritdoc/>
    public void OnAnswer(PollQuery query)
    {
        if (--_awaited > 0)
            return;
        if (_phase == PollPhase.Scanning)
            Scanned();
        else
            End();
    }

    /// <inheritdoc/>
    public void OnNotice(PollNotice notice)
    {
        if (_phase == PollPhase.Leaving)
            return;
        // The device has it again before the scan that it leads to begins, so what happens from now on is told too.
        notice.Query.File!.Device.Actor.Tell(notice, Rank.InBand); // what is watched has a file
        if (_phase == PollPhase.Asleep)
            Scan();
        else
            _isWoken = true;
    }

    /// <inheritdoc/>
    internal override bool RunsUserCode => false;

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        switch (message)
        {
            case PollQuery query:
                OnAnswer(query);
                break;
            case PollNotice notice:
                OnNotice(notice);
                break;
            case PollGlance glance:
                Glanced(glance);
                break;
            case Call call:
                Begin(call);
                break;
            case ActorTimer:
                _isTimedOut = true;
                if (_phase == PollPhase.Asleep)
                    Scan();
                break;
            case Interrupt interrupt:
                OnInterrupt(interrupt);
                break;
            default:
                throw new InvalidOperationException($"A poll waiter has no use for a {message.GetType().Name}.");
        }
    }

    private void Begin(Call call)
    {
        _request = call.Nr == SyscallNumber.Poll ? _poll : _select;
        _count = 0;
        Errno refused = _request.Begin(call, this, out _timeoutNs);
        if (refused != Errno.None)
        {
            call.Return(refused);
            return;
        }
        _call = call;
        _isFirstScan = true;
        _isTimedOut = false;
        _isInterrupted = false;
        if (_timeoutNs > 0)
        {
            _dueNs = Dates.After(Engine.MonotonicNs, _timeoutNs);
            Engine.Arm(_timer ??= new ActorTimer(Self), _dueNs);
        }
        Scan();
    }

    private void Scan()
    {
        if (_phase == PollPhase.Asleep)
        {
            _call!.Thread.Runs(); // what sleeps has a call
            context.Events.Emit(MachineEventKind.CallWoken, _call);
        }
        _phase = PollPhase.Scanning;
        _isWoken = false;
        _isLastScan = _isTimedOut || _timeoutNs == 0;
        _awaited = _count;
        if (_count == 0)
        {
            Scanned();
            return;
        }
        (_glance ??= new PollGlance(Self)).Ask(_call!, _queries, _count); // a scan belongs to a call
    }

    // Enough if it ends the call. Else the files are asked: who goes to sleep on a file has to be told by it, from the moment on
    // in which it was not ready.
    private void Glanced(PollGlance glance)
    {
        if (glance.IsComplete && (glance.Ready > 0 || _isLastScan))
            Scanned();
        else
            AskAll();
    }

    private void AskAll()
    {
        bool watches = _isFirstScan && _timeoutNs != 0;
        Call call = _call!; // a scan belongs to a call
        for (int i = 0; i < _count; i++)
        {
            PollQuery query = _queries[i];
            query.AskRank = Rank.InBand;
            query.Call = call;
            query.Files = call.Files;
            query.Watches = watches;
            query.Holds = watches;
            query.Arms = watches;
            query.AskNumber(call.Files.Actor);
        }
    }

    private void Scanned()
    {
        SysResult ready = _request.Count(_queries.AsSpan(0, _count), _isFirstScan);
        _isFirstScan = false;
        if (ready.IsError || ready.Value != 0)
            Leave(ready);
        else if (_isInterrupted)
            Leave(Errno.EINTR);
        else if (_isLastScan)
            Leave(0);
        else if (_isWoken || _isTimedOut)
            Scan();
        else
            Sleep();
    }

    private void Sleep()
    {
        Call call = _call!; // a scan belongs to a call
        _phase = PollPhase.Asleep;
        _sleepNumber = ++call.SleepNumber;
        call.Thread.Sleeps(call.Nr == SyscallNumber.Poll ? TaskSnapshot.Poll : TaskSnapshot.Select);
        context.Events.Emit(MachineEventKind.CallAsleep, call);
        call.Thread.Actor.Tell(call.NoticeOf(Self, this, isInterruptible: true), call.CallRank);
    }

    private void OnInterrupt(Interrupt interrupt)
    {
        if (_call?.Number != interrupt.CallNumber || _sleepNumber != interrupt.SleepNumber || _phase == PollPhase.Leaving)
            return;
        // One more scan: what is ready wins. poll and select are never restarted.
        _isInterrupted = true;
        if (_phase == PollPhase.Asleep)
            Scan();
    }

    private void Leave(SysResult result)
    {
        _result = result;
        _phase = PollPhase.Leaving;
        if (_timer is { IsArmed: true })
            Engine.Disarm(_timer);
        if (!result.IsError)
            _request.Store(_queries.AsSpan(0, _count), _timeoutNs > 0 ? Math.Max(0, _dueNs - Engine.MonotonicNs) : 0);
        _awaited = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_queries[i] is not ({ IsHeld: true } or { IsRegistered: true }))
                continue;
            _awaited++;
            _queries[i].Forget(index: null);
        }
        if (_awaited == 0)
            End();
    }

    private void End()
    {
        Call call = _call!; // ends once
        _call = null;
        _phase = PollPhase.Idle;
        call.Return(_result);
    }
}

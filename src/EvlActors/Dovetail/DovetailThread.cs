using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>
/// One user thread: its stage, its attachment to EVL, its signals, and the call under way. Dovetail's routing is done here: a
/// call begins and ends at its thread's actor, which checks and switches the stage on the way in, and on the way back does the
/// epilogue and delivers signals: the call is set aside while the thread's body runs a handler, and then answered or made again.
/// </summary>
internal sealed class DovetailThread(MachineContext context, ThreadInfo self) : Actor
{
    private readonly ThreadSignals _signals = new(self);

    // The calls whose handlers run, the innermost last: a handler makes calls of its own.
    private readonly List<SetAside> _setAside = [];
    private SteadyRef<Call> _inFlight;
    private long _lastNumber;
    private long? _cancelledAhead;
    private Call? _ownCall;
    private SleepPlace _sleep;
    private bool _isPaused;
    private ActorTimer? _alarm;
    private EvlAttachment? _evl;
    private int _attachments;
    private bool _isDead;
    private bool _dieAtEnd;
    private bool _wasAborted;
    private Stage _stage = Stage.InBand;

    private bool IsWeak => _evl is null or { IsWeak: true };

    // Two readings of the clock for each switch of stage are a good part of a short call: only where they were asked for.
    private long StatisticsNs => context.RunStatistics ? Engine.MonotonicNs : 0;

    private EvlThreadState Sleep => _isPaused ? EvlThreadState.Delay : _sleep.IsKnown ? EvlThreadState.Pend : 0;

    private Rank OobRank => Rank.Oob(IsWeak ? 0 : self.Priority);

    /// <inheritdoc/>
    internal override bool RunsUserCode => false;

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        switch (message)
        {
            case Call { Step: CallStep.ThreadEnter } call:
                Enter(call);
                break;
            case Call { Step: CallStep.ThreadHandled } call:
                OnHandled(call);
                break;
            case Call { Step: CallStep.ThreadAsked } call when call == _inFlight.Value:
                GoOn(call);
                break;
            case Call call when call == _inFlight.Value:
                Answered(call);
                break;
            case Call:
                break; // it was aborted before it came back
            case SleepNotice notice:
                OnSleep(notice);
                break;
            case ActorTimer when _inFlight.Value is { } sleeping:
                EndPause(sleeping, 0);
                break;
            case SignalOffer offer:
                OnOffer(offer);
                break;
            case DiscardSignal discard:
                _signals.Discard(discard.Signal);
                break;
            case Unblock unblock:
                OnUnblock(unblock);
                break;
            case ThreadRequest request:
                request.Answer(OnRequest(request));
                break;
            case ReadStatistics read:
                read.Answer(Statistics());
                break;
            case KillThread:
                OnKill();
                break;
            case Look look:
                look.Survey.Say(Describe());
                look.End();
                break;
            case Abort abort when _inFlight.Value is { } call:
                _wasAborted = true;
                End(call, abort.Errno);
                break;
            case Abort:
                break;
            case Syscall syscall:
                OnSyscall(syscall);
                break;
            default:
                throw new InvalidOperationException($"A thread has no use for a {message.GetType().Name}.");
        }
    }

    /// <inheritdoc/>
    protected internal override void Stopped()
    {
        _inFlight.Value = null;
        context.ThreadGone();
        // Its engine may have stopped it alive: nobody may wait for its death then.
        self.Face?.Ended();
    }

    // A call from an actor outside: made with a call object of the thread's own, as the thread's caller may be elsewhere.
    private void OnSyscall(Syscall syscall)
    {
        if (_inFlight.Value is not null || _setAside.Count > 0)
        {
            syscall.Refuse($"Thread {self.Tid} has a call under way: a thread makes one call at a time.");
            return;
        }
        Call call = _ownCall ??= new Call(self, isOfActor: true);
        call.Begin(syscall.Number, syscall.Fd, syscall.Buffer, syscall.Argument, syscall.Argument2, syscall.Path);
        call.Origin = syscall;
        Enter(call);
    }

    private void Enter(Call call)
    {
        call.EnteredNs = context.Events.Wants(MachineEventKind.CallAnswered) ? Engine.MonotonicNs : 0;
        if (_inFlight.Value is not null)
        {
            call.IsRefused = true;
            Finish(call, Errno.EBUSY);
            return;
        }
        context.Events.Emit(MachineEventKind.CallEntered, call, call.Fd);
        // Only calls of the body can be cancelled; those for outside actors have numbers above all of its.
        if (call != _ownCall)
            _lastNumber = call.Number;
        if (_cancelledAhead == call.Number)
            call.WasUnblocked = true;
        Begin(call);
    }

    // A new call, or one that is made again: its descriptor is looked up afresh.
    private void Begin(Call call)
    {
        _inFlight.Set(call);
        if (_sleep.IsKnown)
            _sleep.End(); // of a call that was aborted
        call.Stamp(self.Process.Files, _evl?.Credentials ?? self.Process.Credentials);
        if (call.Nr == SyscallNumber.ElementRequest)
            call.Nr = _stage == Stage.Oob ? SyscallNumber.OobIoctl : SyscallNumber.Ioctl;
        if (_isDead)
            End(call, Errno.ESRCH);
        else if (call.Nr is SyscallNumber.Undefined or SyscallNumber.UndefinedOob)
            Leave(call, Errno.ENOSYS);
        else if (call.IsOob || call.Nr == SyscallNumber.SwitchOob)
            EnterOob(call);
        else if (TryDeliver(call, makesAgain: true))
            return;
        else if (_dieAtEnd)
            End(call, Errno.EINTR);
        else
            EnterInBand(call);
    }

    private void EnterOob(Call call)
    {
        // Before any look at the descriptor: a bad one from a plain thread gives EPERM.
        if (_evl is not { } evl || !call.Credentials.Has(Capabilities.SysNice))
        {
            Leave(call, Errno.EPERM);
            return;
        }
        if (_stage == Stage.InBand && _signals.IsDeliverable)
        {
            // The switch fails: the driver never hears of the call.
            call.WasSignalled = true;
            Leave(call, Errno.ERESTARTSYS);
            return;
        }
        if (_stage == Stage.InBand)
            SwitchOob(call);
        if (call.Nr == SyscallNumber.SwitchOob)
        {
            LeaveOob(call);
            Leave(call, 0);
            return;
        }
        evl.Statistics.CountSyscall();
        if (call.Nr == SyscallNumber.EvlSleep)
        {
            SleepOob(call, evl);
            return;
        }
        call.CallRank = OobRank;
        PassOn(call, context.OobStage, CallStep.OobEnter);
    }

    private void PassOn(Call call, ActorRef actor, CallStep step)
    {
        call.Push(Self, CallStep.ThreadAnswered);
        if (!call.PassTo(actor, step, call.CallRank, this) || call != _inFlight.Value)
            return; // gone on its way, or aborted on it
        if (Self.IsNext(call.CallRank))
        {
            call.Pop();
            Answered(call);
        }
        else
        {
            // Whoever it has woken is more urgent.
            call.ReturnFrom(this, call.Result);
        }
    }

    private void EnterInBand(Call call)
    {
        switch (call.Nr)
        {
            case SyscallNumber.SwitchInband:
                if (_stage == Stage.Oob)
                    SwitchInBand(call, SwitchCause.None);
                Leave(call, 0);
                return;
            case SyscallNumber.ClockGettime when (ClockId)call.Argument is ClockId.Monotonic:
                Leave(call, Engine.MonotonicNs);
                return;
            case SyscallNumber.ClockGettime when (ClockId)call.Argument is ClockId.Realtime:
                Leave(call, (Engine.UtcNow - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
                return;
            case SyscallNumber.GetSelf:
                Leave(call, _evl is { } evl ? evl.Fd : Errno.EPERM);
                return;
            case SyscallNumber.Attach when _evl is not null:
                Leave(call, Errno.EBUSY);
                return;
            case SyscallNumber.Detach:
                Detach(call);
                return;
            case SyscallNumber.Exec:
                // Another program knows nothing of EVL: the thread is an ordinary one before its descriptors go.
                LeaveEvl(call);
                break;
            case SyscallNumber.ExitThread:
                Die();
                End(call, 0);
                return;
            case SyscallNumber.Fault:
                Fault(call);
                return;
        }
        if (_stage == Stage.Oob)
            SwitchInBand(call, SwitchCause.SysDemote);
        call.CallRank = Rank.InBand;
        switch (call.Nr)
        {
            case SyscallNumber.ClockGettime:
                Leave(call, Errno.EINVAL);
                return;
            case SyscallNumber.Pause:
                Pause(call);
                return;
            case SyscallNumber.Sigprocmask:
                ChangeMask(call);
                return;
            case SyscallNumber.Attach:
                call.Argument3 = ++_attachments;
                break;
            case SyscallNumber.Fork:
                call.SignalMask = _signals.Mask;
                break;
        }
        // What only names a descriptor goes straight to its table, where the in-band stage would pass it in the same turn. A
        // real-time thread's goes by the oob stage, which is where the thread runs, and most files that it uses are in its index.
        if (call.Nr is SyscallNumber.Read or SyscallNumber.Write or SyscallNumber.Ioctl)
        {
            if (self.Policy == SchedPolicy.Other)
                PassOn(call, call.Files.Actor, CallStep.TableLookUp);
            else
                PassOn(call, context.OobStage, CallStep.OobLookUp);
            return;
        }
        PassOn(call, context.InBandStage, CallStep.InBandEnter);
    }

    private void Detach(Call call)
    {
        if (call.Argument != 0)
        {
            Leave(call, Errno.EINVAL);
            return;
        }
        if (_evl is null)
        {
            Leave(call, Errno.EPERM);
            return;
        }
        LeaveEvl(call);
        Leave(call, 0);
    }

    private void LeaveEvl(Call call)
    {
        if (_evl is null)
            return;
        if (_stage == Stage.Oob)
            SwitchInBand(call, SwitchCause.None);
        _evl = null;
        self.Attachment = 0;
        // Head-ranked and sent before the answer: the name is free when the caller hears of it.
        context.InBandStage.Tell(new DetachElement(self), Rank.Head);
    }

    // An exception in the thread's own code, on the oob stage: in-band, then the signal that stands for it, once.
    private void Fault(Call call)
    {
        if (_stage == Stage.Oob)
        {
            SwitchInBand(call, SwitchCause.ExDemote);
            const Signal signal = Signal.SIGSEGV;
            if (_signals.Blocks(signal) || _signals.ActionOf(signal).Handler is null)
                EndProcess(signal);
            else
                _signals.Add(new SigInfo(signal, SigCode.Kernel), isThreadDirected: true);
        }
        Leave(call, 0);
    }

    private void Pause(Call call)
    {
        if (_signals.IsDeliverable)
        {
            Leave(call, Errno.EINTR);
            return;
        }
        _isPaused = true;
        self.Sleeps(TaskSnapshot.Pause);
        context.Events.Emit(MachineEventKind.CallAsleep, call);
        MayBreak(call);
        Interrupt();
    }

    // As evl_unblock_thread would that came in this very moment.
    private void MayBreak(Call call) => call.WasUnblocked |= context.ShouldFail(FaultPoint.Sleep, call, "a sleep");

    // A sleep belongs to no driver: it is the thread's own, so its actor has the alarm. Argument2 says whether the date is relative.
    private void SleepOob(Call call, EvlAttachment evl)
    {
        if (call.Argument < 0)
        {
            LeaveOob(call);
            Leave(call, Errno.EINVAL);
            return;
        }
        _isPaused = true;
        long nowNs = Engine.MonotonicNs;
        Engine.Arm(_alarm ??= new ActorTimer(Self), call.Argument2 != 0 ? nowNs + call.Argument : call.Argument);
        evl.Statistics.Sleeps(StatisticsNs);
        self.Sleeps(TaskSnapshot.Sleep);
        context.Events.Emit(MachineEventKind.CallAsleep, call);
        MayBreak(call);
        Interrupt();
    }

    private void EndPause(Call call, SysResult result)
    {
        _isPaused = false;
        self.Runs();
        if (call.Nr == SyscallNumber.EvlSleep)
        {
            Engine.Disarm(_alarm!); // armed when the sleep began
            _evl!.Statistics.Runs(StatisticsNs); // only an EVL thread sleeps out-of-band
            LeaveOob(call);
        }
        Leave(call, result);
    }

    private void ChangeMask(Call call)
    {
        ulong old = _signals.Mask;
        ulong set = (ulong)call.Argument2;
        ulong? mask = (SigMaskHow)call.Argument switch
        {
            SigMaskHow.Block => old | set,
            SigMaskHow.Unblock => old & ~set,
            SigMaskHow.SetMask => set,
            _ => null,
        };
        if (mask is null)
            Leave(call, Errno.EINVAL);
        else if (_signals.SetMask(mask.Value))
            Ask(call, (long)old, CallStep.ThreadAnswered);
        else
            Leave(call, (long)old);
    }

    // Signals were unblocked: the thread is offered what is pending on its process, before the call goes on.
    private void Ask(Call call, SysResult result, CallStep then)
    {
        call.Saved = result;
        call.SignalMask = _signals.Mask;
        call.CallRank = Rank.InBand;
        call.Push(Self, then);
        call.PassTo(context.InBandStage, CallStep.InBandAsk, Rank.InBand);
    }

    private void Answered(Call call)
    {
        if (_sleep.IsKnown)
        {
            if (_stage == Stage.Oob)
                _evl!.Statistics.Runs(StatisticsNs); // only an EVL thread is out-of-band
            _sleep.End();
            self.Runs();
        }
        if (IsUneventful(call))
        {
            _inFlight.Value = null;
            Finish(call, call.Result);
            return;
        }
        SysResult result = call.Result;
        switch (call.Nr)
        {
            case SyscallNumber.Attach when !result.IsError:
                OnAttached(call);
                break;
            case SyscallNumber.Sigpending:
                result = (long)(((ulong)result.Value | _signals.Pending) & _signals.Mask);
                break;
            case SyscallNumber.Exit:
                Die();
                break;
        }
        if (call.BrokePipe)
            BrokePipe();
        if (call.MetStageExclusion)
            MetStageExclusion(call);
        if (call.IsOob)
            LeaveOob(call);
        Leave(call, result);
    }

    // Nearly every call: it has moved bytes or made a request, and nothing has happened to its thread meanwhile, so that the rest of
    // what an answer may bring need not be asked for one by one.
    private bool IsUneventful(Call call) =>
        call.Nr is (>= SyscallNumber.OobRead and <= SyscallNumber.OobIoctl) or (>= SyscallNumber.Read and <= SyscallNumber.Ioctl)
        && !call.BrokePipe && !call.MetStageExclusion && !_signals.IsDeliverable && !_dieAtEnd && !_isDead
        && call.Result.Errno != Errno.ERESTARTSYS && (_stage == Stage.InBand || _evl is { IsWeak: false, IsKicked: false });

    // Sent by the thread's own write: it is there before the write is answered.
    private void BrokePipe() => Raise(new SigInfo(Signal.SIGPIPE, SigCode.Kernel));

    // Told when the wait is over, as a signal before would end it; the thread is kicked out of the oob stage with it.
    private void MetStageExclusion(Call call)
    {
        call.MetStageExclusion = false;
        if (_evl is not { Mode.NotifiesStageExclusion: true } evl)
            return;
        evl.IsKicked = true;
        Raise(SigInfo.Debug(SwitchCause.StageExclusion));
    }

    private void Raise(in SigInfo info)
    {
        if (_signals.Blocks(info.Number))
            _signals.Add(info, isThreadDirected: true);
        else
            Accept(info, isThreadDirected: true);
    }

    private void OnAttached(Call call)
    {
        _evl = new EvlAttachment((int)call.Argument3, (int)call.Result.Value, self.Policy == SchedPolicy.Other, self.Process);
        self.Attachment = _evl.Number;
        // The library asks for the thread's class by an oob request: a FIFO thread returns from it out-of-band.
        if (!IsWeak && !_signals.IsDeliverable)
            SwitchOob(call);
    }

    // The epilogue of an oob call: a signal or a kick sends the thread in-band; a weak one is out-of-band during the call only.
    private void LeaveOob(Call call)
    {
        if (_stage != Stage.Oob)
            return;
        if (_evl!.IsKicked || _signals.IsDeliverable) // only an EVL thread is out-of-band
            SwitchInBand(call, SwitchCause.SigDemote);
        else if (IsWeak)
            SwitchInBand(call, SwitchCause.None);
    }

    // The call has its result and is on its way to user space: signals are delivered before its caller sees it.
    private void Leave(Call call, SysResult result)
    {
        call.Result = result;
        bool wasInterrupted = result == Errno.ERESTARTSYS;
        bool mayBeMadeAgain = wasInterrupted && !_dieAtEnd && !call.WasUnblocked && IsRestartable(call.Nr);
        if (TryDeliver(call, mayBeMadeAgain))
            return;
        if (mayBeMadeAgain && call.WasSignalled && !_dieAtEnd)
            MakeAgain(call); // the signal went without a handler
        else
            End(call, wasInterrupted ? Errno.EINTR : result);
    }

    private static bool IsRestartable(SyscallNumber nr) => nr is not
        (SyscallNumber.Close or SyscallNumber.Pause or SyscallNumber.Poll or SyscallNumber.Select or SyscallNumber.EpollWait);

    /// <summary>Gives the next signal that has a handler to the thread's body; the call is set aside until it has run.</summary>
    /// <param name="call">The call, in flight.</param>
    /// <param name="makesAgain">Whether the call can be made again: not begun yet, or interrupted.</param>
    private bool TryDeliver(Call call, bool makesAgain) => _signals.IsDeliverable && TryDeliverPending(call, makesAgain);

    private bool TryDeliverPending(Call call, bool makesAgain)
    {
        while (!_isDead && !_dieAtEnd && _signals.TryTake(out SigInfo info))
        {
            SignalAction action = _signals.ActionOf(info.Number);
            if (action.Handler is not null)
            {
                bool hasBegun = call.Result == Errno.ERESTARTSYS;
                call.MakesAgain = makesAgain && (action.Restarts || !hasBegun);
                if (hasBegun)
                    call.Result = Errno.EINTR;
                Deliver(call, info, action);
                return true;
            }
            if (action.Ends(info.Number))
            {
                EndProcess(info.Number);
                return false;
            }
        }
        return false;
    }

    private void Deliver(Call call, in SigInfo info, SignalAction action)
    {
        _setAside.Add(new SetAside(call, _signals.Mask));
        _signals.SetMask(_signals.Mask | action.Mask | info.Number.Bit());
        _inFlight.Value = null;
        context.Events.Emit(MachineEventKind.SignalDelivered, call, count: (long)info.Number);
        call.DeliveredInfo = info;
        call.Delivery = action;
        if (call.Origin is not null)
            self.Face!.RunHandler(call); // set before any call
        else
            call.Caller?.Answer();
    }

    private void OnHandled(Call call)
    {
        int at = _setAside.FindLastIndex(aside => aside.Call == call);
        ulong mask = _setAside[at].Mask;
        // What a handler left behind without awaiting it is ended and forgotten.
        if (_inFlight.Value is { } left)
        {
            left.WasUnblocked = true;
            Interrupt();
        }
        _setAside.RemoveRange(at, _setAside.Count - at);
        _inFlight.Set(call);
        if (_signals.SetMask(mask) && !_isDead)
            Ask(call, call.Result, CallStep.ThreadAsked);
        else
            GoOn(call);
    }

    // A handler has run: the next, or the call is made again, or it is answered.
    private void GoOn(Call call)
    {
        if (!call.HandlerThrew && TryDeliverNext(call))
            return;
        if (call.MakesAgain && !call.WasUnblocked && !call.HandlerThrew && !_isDead && !_dieAtEnd)
            MakeAgain(call);
        else
            End(call, _isDead ? Errno.ESRCH : call.MakesAgain ? Errno.EINTR : call.Result);
    }

    // The first handler has decided whether the call is made again.
    private bool TryDeliverNext(Call call)
    {
        bool makesAgain = call.MakesAgain;
        bool isDelivered = TryDeliver(call, makesAgain);
        call.MakesAgain = makesAgain;
        return isDelivered;
    }

    private void MakeAgain(Call call)
    {
        call.MakesAgain = false;
        call.WasSignalled = false;
        call.Rewind();
        context.Events.Emit(MachineEventKind.CallRestarted, call, call.Fd);
        Begin(call);
    }

    private void End(Call call, SysResult result)
    {
        _inFlight.Value = null;
        _isPaused = false;
        if (_alarm is { IsArmed: true } alarm)
            Engine.Disarm(alarm);
        self.Runs();
        if (_dieAtEnd)
            Die();
        Finish(call, result);
        StopIfOver();
    }

    // What comes later finds nobody, and is answered as by a dead thread. But a call that was aborted is answered already, and
    // comes back yet.
    private void StopIfOver()
    {
        if (_isDead && _inFlight.Value is null && _setAside.Count == 0 && !_wasAborted)
            Engine.Stop(Self);
    }

    private void Finish(Call call, SysResult result)
    {
        call.Result = result.Of(call.Nr);
        if (context.Events.Wants(MachineEventKind.CallAnswered))
            context.Events.Emit(MachineEventKind.CallAnswered, call, call.Fd, count: DurationNs(call), result: result);
        if (call.Origin is { } origin)
        {
            call.Origin = null;
            origin.Answer(result);
        }
        else
        {
            // The last thing done with the call: its caller may use it again at once.
            call.Caller?.AnswerFrom(this);
        }
    }

    // 0 if nobody listened yet when it entered.
    private long DurationNs(Call call) => call.EnteredNs == 0 ? 0 : Engine.MonotonicNs - call.EnteredNs;

    private void OnSleep(SleepNotice notice)
    {
        Call call = notice.Call;
        bool isInterruptible = notice.IsInterruptible;
        if (call != _inFlight.Value || call.Number != notice.CallNumber)
        {
            call.Return(notice);
            return;
        }
        _sleep.Begin(notice);
        call.Return(notice);
        if (_stage == Stage.Oob)
            _evl!.Statistics.Sleeps(StatisticsNs); // only an EVL thread is out-of-band
        if (isInterruptible)
            MayBreak(call);
        Interrupt();
    }

    private void OnOffer(SignalOffer offer)
    {
        SigInfo info = offer.Info;
        bool isBlocked = _signals.Blocks(info.Number);
        if (_isDead || (isBlocked && !offer.IsThreadDirected))
        {
            offer.Decide(accepted: false);
            return;
        }
        if (isBlocked)
            _signals.Add(info, isThreadDirected: true);
        else
            Accept(info, offer.IsThreadDirected);
        if (offer.Behind is { } behind)
            AcceptBehind(behind);
        offer.Decide(accepted: true);
    }

    // The first of them has interrupted what there is to interrupt.
    private void AcceptBehind(List<SigInfo> behind)
    {
        foreach (SigInfo further in behind)
        {
            if (_signals.ActionOf(further.Number).Handler is null)
                self.Process.Unqueue(further.Number);
            else
                _signals.Add(further, isThreadDirected: false);
        }
    }

    private void Accept(in SigInfo info, bool isThreadDirected)
    {
        SignalAction action = _signals.ActionOf(info.Number);
        if (action.Handler is null)
        {
            self.Process.Unqueue(info.Number);
            if (action.Ends(info.Number))
                EndProcess(info.Number);
            return;
        }
        _signals.Add(info, isThreadDirected);
        if (_inFlight.Value is not null)
            Interrupt();
        else if (_stage == Stage.Oob)
            SwitchInBand(null, SwitchCause.SigDemote); // it runs its own code, out-of-band: it is kicked at once
    }

    // EVL ends its own sleeps only: what sleeps in-band is not its business.
    private void UnblockOob()
    {
        if (_stage == Stage.Oob)
            OnUnblock(new Unblock());
    }

    private void OnUnblock(Unblock unblock)
    {
        if (_inFlight.Value is { } call && (unblock.CallNumber is not { } meant || meant == call.Number))
        {
            call.WasUnblocked = true;
            Interrupt();
            return;
        }
        // A call that was cancelled while a handler runs is not made again.
        if (_setAside.Find(aside => aside.Call.Number == unblock.CallNumber).Call is { } waiting)
            waiting.WasUnblocked = true;
        // It is head-ranked, so it can overtake the call that it cancels.
        else if (unblock.CallNumber > _lastNumber)
            _cancelledAhead = unblock.CallNumber.Value;
    }

    private void OnKill()
    {
        if (_isDead)
            return;
        if (_inFlight.Value is null)
        {
            Die();
            StopIfOver();
            return;
        }
        _dieAtEnd = true;
        Interrupt();
    }

    // The thread that a fatal signal hits makes no other call; the rest of the process follows.
    private void EndProcess(Signal signal)
    {
        context.InBandStage.Tell(new EndProcess(self.Process, signal), Rank.Head);
        OnKill();
    }

    // Whichever sleep the call reaches is ended while there is a reason: now if one is known, else when it is. The device ignores
    // a number that is over.
    private void Interrupt()
    {
        Call call = _inFlight.Value!; // there is a call whenever this is asked for
        Errno reason = _dieAtEnd || call.WasUnblocked ? Errno.EINTR
            : _signals.IsDeliverable ? Errno.ERESTARTSYS
            : Errno.None;
        if (reason == Errno.None)
            return;
        if (_isPaused)
        {
            EndPause(call, Errno.EINTR);
            return;
        }
        if (!_sleep.IsKnown)
            return;
        call.WasSignalled |= reason == Errno.ERESTARTSYS;
        _sleep.Interrupt(call, reason);
    }

    private void Die()
    {
        if (_isDead)
            return;
        _isDead = true;
        _dieAtEnd = false;
        _evl = null;
        self.Attachment = 0;
        _stage = Stage.InBand;
        self.IsInBand = true;
        self.Dies();
        context.InBandStage.Tell(new ThreadEnded(self), Rank.Head);
        List<SigInfo> returned = [];
        while (_signals.TryGiveBack(out SigInfo info))
            returned.Add(info);
        if (returned.Count > 0)
            context.InBandStage.Tell(new SignalReturned(self.Process, returned), Rank.Head);
        context.Supervisor.Tell(new ForgetThread(self), Rank.Head);
        self.Face?.Ended();
    }

    private SysResult OnRequest(ThreadRequest request)
    {
        if (_evl is not { } evl || evl.Number != request.Attachment)
            return Errno.ESTALE;
        bool isSelf = request.FromTid == self.Tid;
        switch (request.Command)
        {
            case ThreadCommand.SwitchOob or ThreadCommand.SwitchInband or ThreadCommand.SetMode or ThreadCommand.ClearMode when !isSelf:
                return Errno.EPERM;
            case ThreadCommand.SwitchOob:
                if (_stage == Stage.InBand)
                    SwitchOob(_inFlight.Value);
                return 0;
            case ThreadCommand.SwitchInband:
                if (_stage == Stage.Oob)
                    SwitchInBand(_inFlight.Value, SwitchCause.None);
                return 0;
            case ThreadCommand.SetMode:
                return evl.Mode.Set(request.Mode);
            case ThreadCommand.ClearMode:
                return evl.Mode.Clear(request.Mode);
            case ThreadCommand.Unblock:
                UnblockOob();
                return 0;
            case ThreadCommand.Demote:
                evl.Demote(isOob: _stage == Stage.Oob);
                UnblockOob();
                if (_inFlight.Value is null && _stage == Stage.Oob)
                    SwitchInBand(null, SwitchCause.SigDemote);
                return 0;
            case ThreadCommand.GetState:
                request.Statistics = Statistics();
                return 0;
            default:
                return Errno.ENOTTY;
        }
    }

    // While a signal's handler runs, the call that it interrupted is the one under way.
    private ThreadSnapshot Describe()
    {
        Call? call = _inFlight.Value ?? (_setAside is [.., var aside] ? aside.Call : null);
        return new ThreadSnapshot(
            self.Process.Pid, self.Tid, self.Name, self.Policy, self.Priority, _stage, _evl is not null, call?.Nr, call?.Fd ?? -1, self.Task);
    }

    private EvlThreadStatistics Statistics() =>
        _evl?.Statistics.Read(StatisticsNs, _evl.State(_stage, Sleep)) ?? default;

    private void SwitchOob(Call? call)
    {
        _stage = Stage.Oob;
        self.IsInBand = false;
        _evl!.Statistics.Runs(StatisticsNs); // only an EVL thread switches
        context.Events.Emit(MachineEventKind.SwitchedOob, call, thread: self);
    }

    private void SwitchInBand(Call? call, SwitchCause cause)
    {
        EvlAttachment evl = _evl!; // only an EVL thread was out-of-band
        _stage = Stage.InBand;
        self.IsInBand = true;
        evl.IsKicked = false;
        evl.Statistics.SwitchedInBand(StatisticsNs);
        context.Events.Emit(MachineEventKind.SwitchedInBand, call, count: (long)cause, thread: self);
        if (cause == SwitchCause.None || !evl.Mode.NotifiesSwitches)
            return;
        Raise(SigInfo.Debug(cause));
    }
}

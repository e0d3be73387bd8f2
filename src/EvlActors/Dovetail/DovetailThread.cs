using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>
/// One user thread: its stage, class and counters, and the call under way. Dovetail's routing is done here: a call begins and
/// ends at its thread's actor, which checks and switches the stage on the way in and does the epilogue on the way back.
/// </summary>
internal sealed class DovetailThread(MachineContext context, ThreadInfo self) : Actor
{
    private Call? _inFlight;
    private Call? _ownCall;
    private bool _isAttached;
    private bool _isDead;
    private Stage _stage = Stage.InBand;
    private bool _dieAtEnd;
    private Errno _pendingInterrupt;

    // The last sleep that this actor was told of; it may have ended meanwhile.
    private ActorRef? _sleepsAt;
    private object? _sleeper;
    private int _sleepNumber;

    private bool IsFifo => self.Policy != SchedPolicy.Other;

    private Rank OobRank => Rank.Oob(IsFifo ? self.Priority : 0);

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        switch (message)
        {
            case Call { Step: CallStep.ThreadEnter } call:
                Enter(call);
                break;
            case Call call when call == _inFlight:
                Answered(call);
                break;
            case Call:
                break; // it was aborted before it came back
            case SleepNotice notice:
                OnSleep(notice);
                break;
            case Unblock unblock:
                OnUnblock(unblock);
                break;
            case KillThread:
                OnKill();
                break;
            case Abort abort when _inFlight is { } call:
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
    protected internal override void Stopped() => _inFlight = null;

    // A call from an actor outside: made with a call object of the thread's own, as the thread's caller may be elsewhere.
    private void OnSyscall(Syscall syscall)
    {
        if (_inFlight is not null)
        {
            syscall.Refuse($"Thread {self.Tid} has a call under way: a thread makes one call at a time.");
            return;
        }
        Call call = _ownCall ??= new Call(self);
        call.Begin(syscall.Number, syscall.Fd, syscall.Buffer, syscall.Argument, syscall.Argument2, syscall.Path);
        call.Origin = syscall;
        Enter(call);
    }

    private void Enter(Call call)
    {
        if (_inFlight is not null)
        {
            call.IsRefused = true;
            Finish(call, Errno.EBUSY);
            return;
        }
        _inFlight = call;
        _pendingInterrupt = Errno.None;
        _sleepsAt = null;
        call.Files = self.Process.Files;
        call.Credentials = self.Process.Credentials;
        context.Events.Emit(MachineEventKind.CallEntered, call, call.Fd);
        if (_isDead)
            End(call, Errno.ESRCH);
        else if (call.IsOob)
            EnterOob(call);
        else
            EnterInBand(call);
    }

    private void EnterOob(Call call)
    {
        // Before any look at the descriptor: a bad one from a plain thread gives EPERM.
        if (!_isAttached || !call.Credentials.Has(Capabilities.SysNice))
        {
            End(call, Errno.EPERM);
            return;
        }
        if (_stage == Stage.InBand)
            SwitchOob(call);
        call.CallRank = OobRank;
        call.Push(Self, CallStep.ThreadAnswered);
        call.PassTo(context.OobStage, CallStep.OobEnter, call.CallRank);
    }

    private void EnterInBand(Call call)
    {
        switch (call.Nr)
        {
            case SyscallNumber.SwitchOob when !_isAttached:
                End(call, Errno.EPERM);
                return;
            case SyscallNumber.SwitchOob:
                if (_stage == Stage.InBand)
                    SwitchOob(call);
                End(call, 0);
                return;
            case SyscallNumber.SwitchInband:
                if (_stage == Stage.Oob)
                    SwitchInBand(call, SwitchCause.None);
                End(call, 0);
                return;
            case SyscallNumber.Attach when _isAttached:
                End(call, Errno.EBUSY);
                return;
            case SyscallNumber.Detach:
                Detach(call);
                return;
            case SyscallNumber.Exec:
                // Another program knows nothing of EVL: the thread is an ordinary one before its descriptors go.
                Leave(call);
                break;
            case SyscallNumber.ExitThread:
                Die();
                End(call, 0);
                return;
        }
        if (_stage == Stage.Oob)
            SwitchInBand(call, SwitchCause.SysDemote);
        call.CallRank = Rank.InBand;
        call.Push(Self, CallStep.ThreadAnswered);
        call.PassTo(context.InBandStage, CallStep.InBandEnter, Rank.InBand);
    }

    private void Detach(Call call)
    {
        if (call.Argument != 0)
        {
            End(call, Errno.EINVAL);
            return;
        }
        if (!_isAttached)
        {
            End(call, Errno.EPERM);
            return;
        }
        Leave(call);
        End(call, 0);
    }

    private void Leave(Call call)
    {
        if (!_isAttached)
            return;
        _isAttached = false;
        if (_stage == Stage.Oob)
            SwitchInBand(call, SwitchCause.None);
        // Head-ranked and sent before the answer: the name is free when the caller hears of it.
        context.InBandStage.Tell(new DetachElement(self), Rank.Head);
    }

    private void Answered(Call call)
    {
        SysResult result = call.Result;
        switch (call.Nr)
        {
            case SyscallNumber.Attach when !result.IsError:
                _isAttached = true;
                // The library asks for the thread's class by an oob request: a FIFO thread returns from it out-of-band.
                if (IsFifo)
                    SwitchOob(call);
                break;
            case SyscallNumber.Exit:
                Die();
                break;
        }
        if (result == Errno.ERESTARTSYS)
            result = Errno.EINTR;
        // The epilogue of an oob call: a weak thread is out-of-band during the call only.
        if (call.IsOob && _stage == Stage.Oob && !IsFifo)
            SwitchInBand(call, SwitchCause.None);
        End(call, result);
    }

    private void End(Call call, SysResult result)
    {
        _inFlight = null;
        if (_dieAtEnd)
            Die();
        Finish(call, result);
    }

    private void Finish(Call call, SysResult result)
    {
        call.Result = result.Of(call.Nr);
        context.Events.Emit(MachineEventKind.CallAnswered, call, call.Fd, result: result);
        if (call.Origin is { } origin)
        {
            call.Origin = null;
            origin.Answer(result);
        }
        else
        {
            // The last thing done with the call: its caller may use it again at once.
            call.Caller?.Answer();
        }
    }

    private void OnSleep(SleepNotice notice)
    {
        Call call = notice.Call;
        bool isCurrent = call == _inFlight && call.Number == notice.CallNumber;
        if (isCurrent)
        {
            _sleepsAt = notice.Where;
            _sleeper = notice.Sleeper;
            _sleepNumber = notice.SleepNumber;
        }
        call.Return(notice);
        if (isCurrent && _pendingInterrupt != Errno.None)
            Interrupt();
    }

    private void OnUnblock(Unblock unblock)
    {
        if (_inFlight is not { } call || (unblock.CallNumber is { } meant && meant != call.Number))
            return;
        RequestInterrupt(Errno.EINTR);
    }

    private void OnKill()
    {
        if (_isDead)
            return;
        if (_inFlight is null)
        {
            Die();
            return;
        }
        _dieAtEnd = true;
        RequestInterrupt(Errno.EINTR);
    }

    // Remembered until the call is answered: whichever sleep it reaches next is ended, now if one is known.
    private void RequestInterrupt(Errno reason)
    {
        _pendingInterrupt = reason;
        if (_sleepsAt is not null)
            Interrupt();
    }

    // It stays pending until the call is answered, but one that ended a sleep does not end the next one too: the device ignores
    // a number that is over, and the next notice sends it again only while the call has not come back.
    private void Interrupt() =>
        _sleepsAt!.Tell(new Interrupt(_sleeper!, _inFlight!.Number, _sleepNumber, _pendingInterrupt), Rank.Head); // a sleep is known

    private void Die()
    {
        if (_isDead)
            return;
        _isDead = true;
        _dieAtEnd = false;
        _isAttached = false;
        _stage = Stage.InBand;
        context.InBandStage.Tell(new ThreadEnded(self), Rank.Head);
    }

    private void SwitchOob(Call call)
    {
        _stage = Stage.Oob;
        context.Events.Emit(MachineEventKind.SwitchedOob, call);
    }

    private void SwitchInBand(Call call, SwitchCause cause)
    {
        _stage = Stage.InBand;
        context.Events.Emit(MachineEventKind.SwitchedInBand, call, count: (long)cause);
    }
}

using System.Runtime.CompilerServices;
using EvlActors.Actors;
using EvlActors.Calls;
using Microsoft.Extensions.Logging;

namespace EvlActors.Files;

/// <summary>
/// One open file description: flags, position and both reference counts. Counterpart of <c>struct file</c> with the crossing
/// of its <c>struct evl_file</c>. The counts change here only, by messages, so the order of messages is the whole proof:
/// takes and oob calls rank above the drop that ends the file, and whoever sends a drop has sent its takes before.
/// </summary>
internal sealed partial class OpenFile(MachineContext context, OpenFileRef self, OpenFlags flags, object? handle = null) : Actor
{
    private readonly DeviceRef _device = self.Device;
    private readonly PositionLock? _positionLock = (self.Device.Traits & DeviceTraits.Regular) != 0 ? new PositionLock() : null;
    private FileStatus _status = new(flags);
    private FileNotification? _notification; // few files have somebody to notify
    private object? _handle = handle;
    private long _inBand;
    private long _oob;
    private bool _hasFailed;

    // The take of an oob file's first descriptor comes by the oob stage: an in-band call of another thread that knows the number
    // may be through before it. What puts the count back to 0 until then is not the last.
    private bool _isInstalled;

    // Set once the last in-band reference is gone: the call that rides through the release, and what it is answered with.
    private Call? _releaser;
    private bool _isFirstOobPut;
    private bool _isHandlerDone;
    private FileRequest? _releaseRequest;

    // The query that gave the last in-band reference back, answered when the file is gone.
    private PollQuery? _releasedBy;

    private FileNotification Notification => _notification ??= new();

    /// <summary>Completes a file that its creator did not open; before it is spawned.</summary>
    internal void Preset(FileModes modes)
    {
        _status.Modes = modes;
        if (self.IsOob)
            TakeOob(null);
    }

    /// <inheritdoc/>
    internal override bool RunsUserCode => false;

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        if (context.Injector is { } faults)
            ReceiveOrPutOff(message, faults);
        else if (message is Call { Step: CallStep.FileOobOperated } back)
            back.Return(OobResult(back), this); // that of nearly every sleeper
        else if (message is Call call)
            OnCall(call);
        else
            Handle(message);
    }

    /// <inheritdoc/>
    internal override bool ReceiveOrAnswer(Message message)
    {
        switch (message)
        {
            case Call { Step: CallStep.FileOobOperate } call when context.Injector is null:
                return OobOperate(call);
            case Call { Step: CallStep.FileOperate } call when context.Injector is null:
                return Operate(call);
            default:
                Receive(message);
                return false;
        }
    }

    // Only what gives a reference back can come late: who holds one more keeps the file a little longer.
    private void ReceiveOrPutOff(Message message, FaultInjector faults)
    {
        if (!GivesBack(message) || !faults.PutsOff(FaultPoint.LateReference, message, Self, message as Call, $"a reference of file {self.Id}"))
            Handle(message);
    }

    private static bool GivesBack(Message message) => message switch
    {
        Call { Step: CallStep.FileDrop } => true,
        FileRequest { Kind: FileRequestKind.PutFile } => true,
        _ => false,
    };

    private void Handle(Message message)
    {
        switch (message)
        {
            case Call call:
                OnCall(call);
                break;
            case LateMessage late:
                Handle(late.Delayed);
                break;
            case TakeReference take:
                _isInstalled = true;
                TakeInBand(null, take.Fd);
                self.Return(take);
                break;
            case FileRequest request:
                OnRequest(request);
                break;
            case PollQuery query:
                OnPoll(query);
                break;
            case KillFasync kill when _hasFailed:
                kill.Settled(); // from a handler that the failure ended
                break;
            case KillFasync kill:
                Tell(kill);
                break;
            case SetFasync set:
                _status.IsAsync = set.On;
                Notification.Fd = set.Fd;
                break;
            case Calls.DeviceFailed:
                OnDeviceFailed();
                break;
            case Look look:
                Describe(look.Survey);
                look.End();
                break;
            default:
                throw new InvalidOperationException($"An open file has no use for a {message.GetType().Name}.");
        }
    }

    [LoggerMessage(LogIds.ReleasedTooEarly, LogLevel.Warning, "Device {Device} ended the release of a file with {Count} oob references left: await ReleaseOob before dismantling.")]
    private static partial void ReleasedTooEarly(ILogger logger, string device, long count);

    private void OnCall(Call call)
    {
        if (Handle(call))
            call.Return(call.Result, this);
    }

    // Whether the call has its result now and goes back with it; else it has gone on.
    private bool Handle(Call call)
    {
        switch (call.Step)
        {
            case CallStep.FileOpen:
                return Open(call);
            case CallStep.FileOpened:
                return Opened(call);
            case CallStep.FileInstalled:
                _isInstalled = true;
                TakeInBand(call, call.Fd);
                call.Result = call.Saved;
                return true;
            case CallStep.FileOperate:
                return Operate(call);
            case CallStep.FileOperated:
                return Operated(call);
            case CallStep.FileOobOperate:
                return OobOperate(call);
            case CallStep.FileOobOperated:
                return OobOperated(call);
            case CallStep.FileDrop:
                return Drop(call);
            case CallStep.FileFlushed:
                return Flushed(call);
            case CallStep.FileGivenBack:
                return PutInBand(call, call.Result);
            case CallStep.FileMapped:
                TakeInBand(call, -1);
                call.Result = 0;
                return !TellDriver(call, FileOperation.VmOpen);
            case CallStep.FileUnmapped:
                return Unmapped(call);
            case CallStep.FileMapClosed:
                return PutInBand(call, 0);
            case CallStep.FileAsyncEnded:
                Release(call);
                return false;
            case CallStep.FileReleased:
                HandlerDone();
                return false;
            default:
                throw new InvalidOperationException($"An open file has no step {call.Step}.");
        }
    }

    private bool Open(Call call)
    {
        if (self.IsPath)
        {
            call.Result = 0;
            return true;
        }
        call.Push(Self, CallStep.FileOpened);
        call.Operation = FileOperation.Open;
        call.Flags = flags;
        call.PassTo(_device.Actor, CallStep.DeviceOperate, Rank.InBand);
        return false;
    }

    private bool Opened(Call call)
    {
        if (call.Result.IsError)
        {
            // Release is for files whose open succeeded: this one leaves no trace.
            context.FileGone();
            Engine.Stop(Self);
            return true;
        }
        _handle = call.Handle;
        if (call.OobOpened)
        {
            // Marked before the first install: the slot that will refer to the file knows whether its hooks matter out-of-band.
            self.IsOob = true;
            _oob = 1;
            context.Events.Emit(MachineEventKind.OobReferenceTaken, call, file: self.Id, count: _oob);
        }
        _status.Modes = call.Modes;
        if ((_status.Flags & OpenFlags.Direct) != 0 && (call.Modes & FileModes.DirectIo) == 0)
        {
            // Only the driver's open says whether the file can do direct I/O: one that can't is released again.
            TakeInBand(call, -1);
            _isInstalled = true;
            return PutInBand(call, Errno.EINVAL);
        }
        return true;
    }

    private bool Operate(Call call)
    {
        if (_hasFailed || !Transfers.TryBegin(call, in _status, _device.Operations))
            return Check(call);
        if (_positionLock is not null || (_status.Modes & FileModes.Stream) == 0)
            return Begin(call);
        // A stream has no position to lock or to move: what comes back is the result.
        TakeInBand(call, call.Fd);
        Stamp(call);
        call.Push(Self, CallStep.FileOperated);
        if (!call.PassTo(_device.Actor, CallStep.DeviceOperate, call.CallRank, this))
            return false;
        call.Pop();
        return PutInBand(call, Visible(call.Result));
    }

    // Not a part of the turn around it, as little as the next: that would use up what the JIT allows it to inline.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Check(Call call)
    {
        if (FileNotification.Treats(call))
        {
            Notification.Control(call, context.InBandStage);
            return false;
        }
        FileOperations operations = _device.Operations;
        if (call.Nr == SyscallNumber.Ioctl && FileIoctl.ReadsArgument(call) && context.ShouldFail(FaultPoint.UserCopy, call, "get_user", sizeof(int)))
            call.Buffer = UserBuffer.Bad(sizeof(int));
        SysResult? answer = call.Nr switch
        {
            SyscallNumber.Read or SyscallNumber.Pread or SyscallNumber.Readv or
            SyscallNumber.Write or SyscallNumber.Pwrite or SyscallNumber.Writev => Transfers.Begin(call, in _status, operations),
            SyscallNumber.Ioctl => FileIoctl.Begin(call, ref _status, operations),
            SyscallNumber.Fcntl => Control(call, operations),
            SyscallNumber.Lseek => _status.Seek(call, operations),
            SyscallNumber.Mmap => FileMapping.Begin(call, in _status, operations),
            SyscallNumber.EpollCtl or SyscallNumber.EpollWait => Select(call, FileOperation.Ioctl, Errno.EINVAL) is var refused and not Errno.None ? refused : null,
            SyscallNumber.Fsync => Select(call, FileOperation.Fsync, Errno.EINVAL) is var refused and not Errno.None ? refused : null,
            _ => Errno.ENOSYS,
        };
        if (answer is null && _hasFailed)
            answer = Errno.EIO;
        if (answer is not { } said)
            return Begin(call);
        call.Result = said;
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool Begin(Call call)
    {
        // The reference that the call holds keeps release away until it is back.
        TakeInBand(call, call.Fd);
        if (_positionLock is not null && !_positionLock.TryTake(call))
            return false;
        Stamp(call);
        return PassToDevice(call);
    }

    private SysResult? Control(Call call, FileOperations operations)
    {
        if (call.Object is TransferLimits limits)
            (limits.Read, limits.Write) = _device.MostTransferred;
        return _status.Control(call, operations);
    }

    // The turn goes on with the call that it has been waiting for.
    private void StartNext(Call next)
    {
        Stamp(next);
        next.Push(Self, CallStep.FileOperated);
        next.PassTo(_device.Actor, CallStep.DeviceOperate, next.CallRank);
    }

    private bool Unmapped(Call call)
    {
        if (_hasFailed || !_device.Operations.Has(FileOperation.VmClose))
            return PutInBand(call, 0);
        call.Push(Self, CallStep.FileMapClosed);
        TellDriver(call, FileOperation.VmClose);
        return false;
    }

    // What the driver answers is nobody's: the call goes on from where it came.
    private bool TellDriver(Call call, FileOperation operation)
    {
        if (_hasFailed || !_device.Operations.Has(operation))
            return false;
        call.Operation = operation;
        Stamp(call);
        call.PassTo(_device.Actor, CallStep.DeviceOperate, Rank.InBand);
        return true;
    }

    private bool PassToDevice(Call call)
    {
        call.Push(Self, CallStep.FileOperated);
        if (!call.PassTo(_device.Actor, CallStep.DeviceOperate, call.CallRank, this))
            return false;
        call.Pop();
        return Operated(call);
    }

    private Errno Select(Call call, FileOperation operation, Errno absent)
    {
        call.Operation = operation;
        return _device.Operations.Has(operation) ? Errno.None : absent;
    }

    private bool Operated(Call call)
    {
        SysResult result = call.Result;
        switch (call.Operation)
        {
            case FileOperation.Read or FileOperation.Write:
                if (Transfers.GoesOn(call) && !_hasFailed)
                    return PassToDevice(call);
                result = Transfers.End(call);
                if (!result.IsError)
                    _status.Move(call);
                break;
            case FileOperation.Llseek:
                result = _status.EndSeek(call);
                break;
            case FileOperation.Fasync:
                result = _status.EndAsync(call);
                break;
            case FileOperation.Mmap when !result.IsError:
                // The call's reference is the mapping's from here on.
                call.Result = 0;
                return true;
        }
        if (_positionLock?.Release(call) is { } next)
            StartNext(next);
        return PutInBand(call, Visible(result));
    }

    private bool OobOperate(Call call)
    {
        Errno refused = call.Nr switch
        {
            SyscallNumber.OobRead when !_status.CanRead => Errno.EBADF,
            SyscallNumber.OobRead => Select(call, FileOperation.OobRead, Errno.EINVAL),
            SyscallNumber.OobWrite when !_status.CanWrite => Errno.EBADF,
            SyscallNumber.OobWrite => Select(call, FileOperation.OobWrite, Errno.EINVAL),
            _ => Select(call, call.Thread.Process.Is32Bit ? FileOperation.CompatOobIoctl : FileOperation.OobIoctl, Errno.ENOTTY),
        };
        if (refused == Errno.None && _hasFailed)
            refused = Errno.EIO;
        if (refused != Errno.None)
        {
            call.Result = refused;
            return true;
        }
        TakeOob(call);
        call.Push(Self, CallStep.FileOobOperated);
        Stamp(call);
        if (!call.PassTo(_device.Actor, CallStep.DeviceOperate, call.CallRank, this))
            return false;
        call.Pop();
        return OobOperated(call);
    }

    private bool OobOperated(Call call)
    {
        call.Result = OobResult(call);
        return true;
    }

    private SysResult OobResult(Call call)
    {
        PutOob(call);
        return Visible(call.Result);
    }

    private bool Drop(Call call)
    {
        if (_hasFailed || self.IsPath || !_device.Operations.Has(FileOperation.Flush))
            return PutInBand(call, call.Saved);
        context.Events.Emit(MachineEventKind.FlushBegun, call, file: self.Id);
        call.Push(Self, CallStep.FileFlushed);
        call.Operation = FileOperation.Flush;
        Stamp(call);
        call.PassTo(_device.Actor, CallStep.DeviceOperate, Rank.InBand);
        return false;
    }

    private bool Flushed(Call call)
    {
        // close answers what flush says, though the descriptor is gone, and is never restarted; dup2 and exit lose it.
        SysResult answer = call.Saved;
        if (call.Nr == SyscallNumber.Close && call.Result.IsError)
            answer = call.Result == Errno.ERESTARTSYS ? Errno.EINTR : call.Result;
        return PutInBand(call, answer);
    }

    private void Stamp(Call call)
    {
        _status.Stamp(call);
        call.Handle = _handle;
    }

    private void TakeInBand(Call? call, int fd)
    {
        _inBand++;
        context.Events.Emit(MachineEventKind.InBandReferenceTaken, call, fd, self.Id, _inBand);
    }

    private bool PutInBand(Call call, SysResult answer)
    {
        _inBand--;
        context.Events.Emit(MachineEventKind.InBandReferencePut, call, file: self.Id, count: _inBand);
        if (_inBand > 0 || !_isInstalled)
        {
            call.Result = answer;
            return true;
        }
        BeginRelease(call, answer);
        return false;
    }

    private void BeginRelease(Call call, SysResult answer)
    {
        // The last one: the call whose end dropped it rides through the release and is answered when the file is gone.
        call.Saved = answer;
        _releaser = call;
        if (_status.IsAsync && !_hasFailed)
        {
            // The driver forgets whom to notify before it is told to release.
            call.Push(Self, CallStep.FileAsyncEnded);
            FileStatus.BeginAsync(call, on: false, fd: -1);
            Stamp(call);
            call.PassTo(_device.Actor, CallStep.DeviceOperate, Rank.InBand);
            return;
        }
        Release(call);
    }

    private void Release(Call call)
    {
        context.Events.Emit(MachineEventKind.ReleaseBegun, call, file: self.Id, count: _oob);
        if (_hasFailed || self.IsPath)
        {
            HandlerDone();
            return;
        }
        call.Push(Self, CallStep.FileReleased);
        call.Operation = FileOperation.Release;
        Stamp(call);
        call.PassTo(_device.Actor, CallStep.DeviceOperate, Rank.InBand);
    }

    private void HandlerDone()
    {
        _isHandlerDone = true;
        if (_releaseRequest is not null)
            WarnOfEarlyEnd();
        if (self.IsOob && !_isFirstOobPut)
        {
            // The driver did not await ReleaseOob, or has failed: the crossing still has to drain before the file is gone.
            if (_oob > 1)
                WarnOfEarlyEnd();
            _isFirstOobPut = true;
            PutOob(_releaser);
            return;
        }
        if (_oob == 0)
            Gone();
    }

    private void WarnOfEarlyEnd()
    {
        if (_hasFailed)
            return;
        long left = _isFirstOobPut ? _oob : _oob - 1;
        ReleasedTooEarly(context.Log, _device.Name, left);
        context.Events.Emit(MachineEventKind.DriverWarning, _releaser, file: self.Id, count: left,
            detail: $"{_device.Name}: release ended with oob references left; await ReleaseOob before dismantling.");
    }

    private void TakeOob(Call? call)
    {
        _oob++;
        context.Events.Emit(MachineEventKind.OobReferenceTaken, call, file: self.Id, count: _oob);
    }

    private void PutOob(Call? call)
    {
        _oob--;
        context.Events.Emit(MachineEventKind.OobReferencePut, call, file: self.Id, count: _oob);
        if (_oob > 0)
            return;
        if (_releaseRequest is { } request)
        {
            _releaseRequest = null;
            context.Events.Emit(MachineEventKind.ReleaseOobDone, _releaser, file: self.Id);
            request.Answer(Errno.None);
        }
        if (_isHandlerDone)
            Gone();
    }

    private void OnRequest(FileRequest request)
    {
        switch (request.Kind)
        {
            case FileRequestKind.GetFile:
                TakeOob(null);
                request.File = self;
                request.Handle = _handle;
                request.Answer(Errno.None);
                break;
            case FileRequestKind.PutFile:
                PutOob(null);
                break;
            case FileRequestKind.ReleaseFile:
                context.Events.Emit(MachineEventKind.ReleaseOobBegun, _releaser, file: self.Id, count: _oob - 1);
                _isFirstOobPut = true;
                _releaseRequest = request;
                PutOob(_releaser);
                break;
        }
    }

    private void Tell(KillFasync kill)
    {
        if (_notification is { } notification && notification.Address(kill))
            context.InBandStage.Tell(kill, Rank.Head);
        else
            kill.Settled();
    }

    // The lists of a failed device have gone with it: what they would tell once more is told here, for each file once.
    private void OnDeviceFailed()
    {
        if (_hasFailed)
            return;
        _hasFailed = true;
        if (!_status.IsAsync)
            return;
        KillFasync kill = self.RentKill();
        kill.Named = Signal.SIGIO;
        kill.Code = PollCode.Err;
        kill.Fd = Notification.Fd;
        Tell(kill);
    }

    private void Gone()
    {
        Call call = _releaser!; // a file is gone at the end of its release only
        _releaser = null;
        context.Events.Emit(MachineEventKind.ReleaseDone, call, file: self.Id);
        context.FileGone();
        Engine.Stop(Self);
        if (_releasedBy is { } query)
            query.Answer(query.Mask);
        else
            call.Return(call.Saved);
    }

    private void OnPoll(PollQuery query)
    {
        if (query.Step == PollStep.FileForget)
            Forget(query);
        else if (_releaser is not null)
            query.AnswerGone();
        else
            Ask(query);
    }

    // No reference keeps the question safe: a release that begins later reaches the device behind it.
    private void Ask(PollQuery query)
    {
        if (query.Holds)
        {
            query.IsHeld = true;
            if (query.IsOob)
                TakeOob(query.Call);
            else
                TakeInBand(query.Call, query.Fd);
        }
        if (_hasFailed)
        {
            query.Answer(PollQuery.OfFailed);
            return;
        }
        if (!_device.Operations.Has(query.IsOob ? FileOperation.OobPoll : FileOperation.Poll))
        {
            query.Answer(PollEvents.Default);
            return;
        }
        query.Handle = _handle;
        query.Step = PollStep.DeviceAsk;
        _device.Actor.Tell(query, query.AskRank);
    }

    private void Forget(PollQuery query)
    {
        query.IsHeld = false;
        if (query.IsOob)
        {
            PutOob(query.Call);
            query.Answer(query.Mask);
            return;
        }
        _inBand--;
        context.Events.Emit(MachineEventKind.InBandReferencePut, query.Call, file: self.Id, count: _inBand);
        if (_inBand > 0 || !_isInstalled)
        {
            query.Answer(query.Mask);
            return;
        }
        // A call that polls gives many files back at once, so a release can't ride on it: it rides on a call made for it.
        _releasedBy = query;
        BeginRelease(query.Call!.MakeRider(), 0); // who holds a reference has a call
    }

    private void Describe(Survey survey)
    {
        survey.Say(new OpenFileSnapshot(
            self.Id, _device.Name, _status.Flags, _status.Position, _inBand, _oob, self.IsOob, IsReleasing: _releaser is not null));
        survey.AskOnce(_device);
    }

    // ENOIOCTLCMD is the driver's word for "no such command"; callers know ENOTTY.
    private static SysResult Visible(SysResult result) => result == Errno.ENOIOCTLCMD ? Errno.ENOTTY : result;
}

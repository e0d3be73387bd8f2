using System.Runtime.CompilerServices;
using EvlActors.Actors;
using EvlActors.Calls;
using Microsoft.Extensions.Logging;

namespace EvlActors.Drivers;

/// <summary>
/// The shell around one driver: runs its handlers, kernel threads and timers as turns of one actor, keeps its waits and its
/// references, and is the only place where driver code can throw. A device that throws is failed, never restarted in place.
/// </summary>
internal sealed partial class DeviceActor : AsyncActor
{
    /// <summary>How an event names the end of the grace time of the machine's end.</summary>
    internal const string EndOfMachine = "a call that the end of the machine can't wait for";

    // In the oob lane an in-band handler keeps out-of-band calls waiting: the watchdog reports one that took longer.
    private const long LongestTurnNs = 1_000_000;

    private readonly Func<CharDevice> _factory;
    private readonly List<EvlTimer> _timers = [];
    private CharDevice? _driver;
    private ContextList _active;
    private FileList _files;
    private IoCall? _spareCalls;
    private readonly DevicePolls _polls = new();
    private bool _hasSaidLongTurn;
    private FileOperations _hasRun;
    private bool _hasFailed;
    private bool _hasSaidLane;
    private int _opens;
    private int _lastOpen = -1;

    internal DeviceActor(MachineContext context, DeviceRef device, Func<CharDevice> factory, CharDevice? driver = null)
    {
        Context = context;
        Ref = device;
        _factory = factory;
        _driver = driver;
        RunsUserCode = driver is null || driver.RunsUserCode;
        Waits = new DeviceWaits(this);
    }

    internal MachineContext Context { get; }

    internal DeviceRef Ref { get; }

    /// <summary>How its handlers wait.</summary>
    internal DeviceWaits Waits { get; }

    /// <summary>Whether it runs where in-band work runs, and out-of-band calls of its files with it.</summary>
    internal bool IsInBandLane { get; init; }

    /// <summary>The references that its code took and has not put.</summary>
    internal List<EvlFileReference> Held { get; } = [];

    internal List<KernelThread> Threads { get; } = [];

    /// <summary>Whether driver code has thrown: no handler, timer or kernel thread begins any more.</summary>
    internal bool HasFailed => _hasFailed;

    /// <inheritdoc/>
    internal override bool RunsUserCode { get; }

    /// <inheritdoc/>
    /// <remarks>Most calls of the machine's own drivers need nothing of what is prepared for handlers that await. Where faults are
    /// injected every call goes the way on which it can meet them.</remarks>
    internal override bool ReceiveOrAnswer(Message message)
    {
        if (message is not Call call || _driver is not { } driver || _hasFailed || Context.Injector is not null)
            return base.ReceiveOrAnswer(message);
        try
        {
            if (driver.TryAnswer(call, this))
                return true;
        }
        catch (Exception e)
        {
            // The driver is the machine's own, but the memory is the caller's: it may have been given back, and its owner then throws.
            Fail(thrower: null, e, call.Operation.ToString(), call);
            call.Result = Errno.EIO;
            StopIfDone();
            return true;
        }
        if (!driver.ParksAtMost(call))
            return base.ReceiveOrAnswer(message);
        EndOrPark(driver, call);
        return false;
    }

    /// <inheritdoc/>
    internal override void Answer(Message message)
    {
        var call = (Call)message; // nothing else is answered so
        call.Return(call.Result, this);
    }

    /// <inheritdoc/>
    protected override void OnMessage(Message message)
    {
        switch (message)
        {
            case Call call when Context.Injector is { } faults && faults.PutsOff(FaultPoint.Stall, call, Self, call, "the start"):
                break;
            case Call call:
                Begin(call);
                break;
            case LateMessage late:
                Begin((Call)late.Delayed);
                break;
            case ActorTimer { State: EvlTimer timer }:
                timer.Expired();
                break;
            case ActorTimer { State: IoContext late }:
                late.Wake(Errno.ETIMEDOUT);
                break;
            case Interrupt interrupt:
                DeviceWaits.OnInterrupt(interrupt);
                break;
            case InterruptTransfer interrupt:
                interrupt.At.Interrupt(interrupt.Number, interrupt.Reason);
                break;
            case FileRequest request:
                OnAnswer(request);
                break;
            case KillFasync kill:
                OnSettled(kill);
                break;
            case PollQuery query:
                OnPoll(query);
                break;
            case PollNotice notice when notice.Query.Asker == Self:
                notice.Query.Owner.OnNotice(notice);
                break;
            case PollNotice notice:
                DevicePolls.Returned(notice);
                break;
            case ThreadNameRequest answer:
                ((KernelThread)answer.Asker).Named(answer.Errno);
                break;
            case ThreadRequest request:
                DeviceWaits.Answered((IoContext)request.Waiter, request.Result);
                break;
            case CdevRemoved removed:
                _lastOpen = removed.Opens;
                StopIfDone();
                break;
            case Look look:
                Describe(look.Survey);
                look.End();
                break;
            case FailDevice:
                if (!_hasFailed && (_active.First is not null || Held.Count > 0))
                {
                    Fail(thrower: null, DeviceStoppedException.Failed(Ref.Name));
                    // It may have held no handler but a reference that somebody waits for.
                    StopIfDone();
                }
                break;
            case KernelTransfer { IsAnswer: true } transfer:
                Waits.OnTransferred(transfer);
                break;
            case KernelTransfer transfer:
                BeginTransfer(transfer);
                break;
            default:
                throw new InvalidOperationException($"A device has no use for a {message.GetType().Name}.");
        }
    }

    /// <inheritdoc/>
    protected internal override void Stopped() => PutAll();

    /// <summary>Makes the handle of a file that is open from the start; before the device is spawned.</summary>
    internal EvlFile Preopen(OpenFileRef file, OpenFlags flags)
    {
        var handle = new EvlFile(file, flags) { Device = this, IsOpening = false };
        AddFile(handle);
        return handle;
    }

    /// <summary>
    /// Makes a file that belongs to this device, or to another driver's device of its own, which is spawned with it and ends
    /// with its last file.
    /// </summary>
    internal EvlFile NewFile(CharDevice? driver, OpenFlags flags)
    {
        long id = Context.NextFileId();
        if (driver is null)
            return new EvlFile(new OpenFileRef(id, Ref), flags) { Device = this };
        FileOperations operations = CharDevice.OperationsOf(driver.GetType());
        var device = new DeviceRef($"{Ref.Name}:{driver.GetType().Name}#{id}", operations, DeviceTraits.Element);
        var actor = new DeviceActor(Context, device, () => driver, driver) { IsInBandLane = !operations.HasOob };
        return new EvlFile(new OpenFileRef(id, device), flags) { Device = actor };
    }

    /// <summary>The device of a file that is installed next: spawned if it is a new one.</summary>
    internal void BeginInstall(EvlFile file)
    {
        file.IsOpening = false;
        file.Ref.IsOob = file.IsOob;
        if (file.Device == this)
            return;
        DeviceRef device = file.Ref.Device;
        file.Device.AddFile(file);
        Placement placement = device.Operations.HasOob ? Placement.Oob : Placement.InBand;
        device.Actor = Engine.Spawn(file.Device, new SpawnOptions($"devices{device.Name}", placement, Context.Supervisor));
        Context.Events.Emit(MachineEventKind.DeviceSpawned, detail: device.Name);
        Context.InBandStage.Tell(new DeviceMade(device), Rank.Head);
    }

    /// <summary>The file was installed, or there was no number for it; before any call of it can be here.</summary>
    internal void EndInstall(EvlFile file, Errno refused)
    {
        if (file.Device != this)
        {
            if (refused != Errno.None)
            {
                Context.InBandStage.Tell(new ElementGone(file.Ref.Device, opens: 0), Rank.Head);
                Engine.Stop(file.Device.Self);
            }
            return;
        }
        if (refused != Errno.None)
            return;
        AddFile(file);
        if (_hasFailed)
            file.Ref.Actor.Tell(new DeviceFailed(Ref, nameof(EndInstall), DeviceStoppedException.Failed(Ref.Name)), Rank.Head);
    }

    // Its files too: those in release and those that only a mapping or a driver holds are in no table.
    private void Describe(Survey survey)
    {
        survey.Say(new DeviceSnapshot(
            Ref.Name, _hasFailed,
            [.. Threads.Select(thread => new KernelThreadSnapshot(thread.Name, thread.Priority, thread.State == WaitState.Asleep))],
            _driver?.Rings ?? []));
        for (EvlFile? file = _files.First; file is not null; file = file.Next)
        {
            // One that a handler is about to install has no actor yet.
            if (file.Ref.Actor is { } actor)
                survey.Ask(actor);
        }
    }

    internal EvlTimer NewTimer(Func<InterruptContext, IoTask> handler)
    {
        var timer = new EvlTimer(this, handler);
        _timers.Add(timer);
        return timer;
    }

    internal void Forget(EvlTimer timer) => _timers.Remove(timer);

    internal KernelThread NewThread(string name, int priority, int cpu, Func<KernelThread, IoTask> body)
    {
        var thread = new KernelThread(this, name, priority, cpu, body);
        Threads.Add(thread);
        thread.Begin();
        return thread;
    }

    /// <summary>Runs driver code as a context, until it ends or first suspends.</summary>
    internal void RunHandler<TState>(IoContext context, Func<IoContext, TState, IoTask> handler, TState state)
    {
        if (!ReferenceEquals(context.Device, this))
            context.Device = this;
        if (context is InterruptContext)
            context.Rank = Rank.Oob(Rank.MaxOobPriority);
        Activate(context);
        TurnContext = context;
        IoTask task;
        try
        {
            task = handler(context, state);
        }
        catch (Exception e)
        {
            HandlerThrew(context, e);
            return;
        }
        if (task.IsParked)
            return;
        if (task.TryTakeImmediate(out SysResult result))
        {
            HandlerEnded(context, result);
        }
        else if (task.IsCompleted)
        {
            context.HandlerTask = task;
            HandlerEnded(context);
        }
        else
        {
            context.HandlerTask = task;
            context.EndOfHandler.Owner = this;
            task.OnEnded(context.EndOfHandler);
        }
    }

    /// <summary>Gives a parked call what it waits for: its driver <see cref="CharDevice.Complete">completes</see> it, and it ends.</summary>
    internal void Complete(IoCall call, long granted)
    {
        call.Rouse(granted);
        Complete(call);
    }

    /// <summary>The sleep of a parked call has ended by a message; in a turn of its own.</summary>
    internal void Awoke(IoCall call)
    {
        if (!call.WaitResult.IsError)
        {
            Complete(call);
            return;
        }
        call.IsParked = false;
        Driver().ParkedEnds(call);
        HandlerEnded(call, call.WaitResult);
    }

    private void Complete(IoCall call)
    {
        call.IsParked = false;
        SysResult result;
        try
        {
            result = _driver!.Complete(call); // it has parked the call
        }
        catch (Exception e)
        {
            // The driver is the machine's own, but the memory is the caller's: it may have been given back, and its owner then throws.
            HandlerThrew(call, e);
            return;
        }
        HandlerEnded(call, result);
    }

    /// <summary>A handler has returned or thrown; in its last turn.</summary>
    internal void HandlerEnded(IoContext context)
    {
        SysResult result;
        try
        {
            result = context.HandlerTask.TakeResult();
        }
        catch (Exception e)
        {
            HandlerThrew(context, e);
            return;
        }
        HandlerEnded(context, result);
    }

    private void HandlerEnded(IoContext context, SysResult result)
    {
        if (context.IsAbandoned)
            return;
        if (context.State != WaitState.Running && !_hasFailed)
        {
            // What ends that wait would meet the next call that the context is used for.
            HandlerThrew(context, new InvalidOperationException(
                $"{Ref.Name}: {context.HandlerName} ended while a wait that it had begun was under way: await each wait at once."));
            return;
        }
        // What a handler returns after its device has failed is an errno, its own or EIO.
        End(context, _hasFailed && !result.IsError ? Errno.EIO : result);
    }

    /// <summary>A system call's handler has ended: sends the call back to its open file.</summary>
    internal void CallEnded(IoCall io, Call call, EvlFile file, SysResult result)
    {
        switch (call.Operation)
        {
            case FileOperation.Open:
                file.IsOpening = false;
                if (!result.IsError)
                {
                    call.Handle = file;
                    call.OobOpened = file.IsOob;
                    call.Modes = file.Modes;
                    AddFile(file);
                }
                break;
            case FileOperation.Release:
                _files.Remove(file);
                break;
        }
        if (!io.IsAbandoned)
        {
            io.ActiveNext = _spareCalls;
            _spareCalls = io;
        }
        if (_files.First is null && (Ref.Traits & DeviceTraits.Element) != 0 && call.Operation is FileOperation.Open or FileOperation.Release)
            ElementEnds();
        call.ReturnFrom(this, result);
    }

    /// <inheritdoc/>
    internal override void AwaitsForeign(IoContext? context)
    {
        if (context is not null)
            context.RefuseIfAtomic();
        // In a failed device nothing foreign is waited for: the call is answered now, and what comes later is ignored.
        if (_hasFailed && context is not null)
            Abandon(context);
    }

    [LoggerMessage(LogIds.DeviceHasFailed, LogLevel.Error, "Device {Device} failed in {Operation}, called by {Caller}; it answers EIO until it is opened anew.")]
    private static partial void DeviceHasFailed(ILogger logger, string device, string operation, string caller, Exception exception);

    [LoggerMessage(LogIds.OobFileInBandLane, LogLevel.Warning, "Device {Device} has oob files but lives in the in-band lane: out-of-band calls wait there behind in-band work. Add it with DeviceLane.Oob.")]
    private static partial void OobFileInBandLane(ILogger logger, string device);

    [LoggerMessage(LogIds.LongTurn, LogLevel.Warning, "The in-band handler {Operation} of {Device} held the out-of-band lane for over 1 ms. Keep it short, or add the device with DeviceLane.Own.")]
    private static partial void LongTurn(ILogger logger, string device, string operation);

    private void Begin(Call call)
    {
        if (_hasFailed)
        {
            // A flush that the failure overtook was never called, so the close that it rides on succeeds.
            call.Return(call.Operation == FileOperation.Flush ? SysResult.Ok() : Errno.EIO);
            return;
        }
        EvlFile file;
        if (call.Operation == FileOperation.Open)
        {
            file = new EvlFile(call.File!, call.Flags) { Device = this }; // an open names the file it opens
            _opens++;
        }
        else
        {
            // The open file stamps the handle that open returned: a cast would only fetch it, which most calls can do without.
            file = Unsafe.As<EvlFile>(call.Handle!);
        }
        if (call.Operation == FileOperation.Release)
        {
            file.IsReleasing = true;
            DevicePolls.Released(file);
        }
        IoCall io = RentCall();
        io.Begin(this, call, file);
        Routed(call);
        FileOperation operation = call.Operation;
        bool isWatched = !IsInBandLane && operation is not (>= FileOperation.OobRead and <= FileOperation.OobPoll)
            && (Ref.Traits & DeviceTraits.Element) == 0 && _hasRun.Has(operation);
        // The first call of a handler is mostly the JIT's time, about which its author can do nothing.
        _hasRun = _hasRun.With(operation);
        long beganNs = isWatched ? Engine.MonotonicNs : 0;
        RunHandler(io, static (context, device) => device.Invoke((IoCall)context), this);
        if (isWatched && Engine.MonotonicNs - beganNs > LongestTurnNs)
            ReportLongTurn(operation);
    }

    // Of a file that is open, in a device that has not failed.
    private void EndOrPark(CharDevice driver, Call call)
    {
        IoCall io = RentCall();
        io.Begin(this, call, Unsafe.As<EvlFile>(call.Handle!)); // as stamped by its file
        Routed(call);
        Activate(io);
        SysResult result;
        try
        {
            if (!driver.EndsOrParks(io, out result))
                return;
        }
        catch (Exception e)
        {
            HandlerThrew(io, e);
            return;
        }
        HandlerEnded(io, result);
    }

    private void Activate(IoContext context)
    {
        context.State = WaitState.Running;
        context.WasRefused = false;
        context.WaitFault = null;
        // What the handler before it in this context did not end is not held by this one.
        if (context.Held.Count > 0)
            context.Held.Clear();
        _active.Add(context);
    }

    /// <summary>A call has come to the driver that serves it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Routed(Call call)
    {
        if (Context.Events.Wants(MachineEventKind.CallRouted))
            EmitRouted(call);
    }

    private void EmitRouted(Call call) =>
        Context.Events.Emit(MachineEventKind.CallRouted, call, file: FileOf(call), detail: Enum.GetName(call.Operation));

    private static long FileOf(Call call) => call.Operation == FileOperation.Open ? call.File!.Id : ((EvlFile)call.Handle!).Id; // an open names its file

    // A driver of the machine's own has no handler that throws.
    private IoTask Invoke(IoCall call)
    {
        CharDevice driver = Driver();
        if (Context.Injector is { } faults && !driver.IsOwn
            && faults.ShouldFail(FaultPoint.Handler, call.Call, "the handler", 1))
            throw new InjectedFaultException(FaultPoint.Handler);
        return driver.Invoke(call);
    }

    private void OnPoll(PollQuery query)
    {
        switch (query.Step)
        {
            case PollStep.Answered:
                query.Owner.OnAnswer(query);
                break;
            case PollStep.DeviceForget:
                DevicePolls.Forget(query);
                break;
            case PollStep.DeviceAsk when _hasFailed:
                query.Answer(PollQuery.OfFailed);
                break;
            case PollStep.DeviceAsk:
                Poll(query);
                break;
        }
    }

    private void Poll(PollQuery query)
    {
        PollEvents mask;
        try
        {
            mask = _polls.Ask(Driver(), query);
        }
        catch (Exception e)
        {
            Fail(thrower: null, e, query.IsOob ? nameof(CharDevice.OobPoll) : nameof(CharDevice.Poll), query.Call);
            mask = PollQuery.OfFailed;
        }
        if (mask != PollEvents.None && !_hasFailed && Driver().GuessesPoll)
        {
            RunHandler(new PollContext(query), static (context, device) => device.Driver().VerifyPoll((PollContext)context), this);
            return;
        }
        query.Answer(mask);
        StopIfDone();
    }

    // Each is an event; the log says it once.
    private void ReportLongTurn(FileOperation operation)
    {
        if (!_hasSaidLongTurn)
            LongTurn(Context.Log, Ref.Name, operation.ToString());
        _hasSaidLongTurn = true;
        Context.Events.Emit(MachineEventKind.DriverWarning,
            detail: $"{Ref.Name}: the in-band handler {operation} held the out-of-band lane for over 1 ms.");
    }

    private CharDevice Driver()
    {
        if (_driver is null)
        {
            _driver = _factory();
            // A factory may make another type each time, or could not say which when the node was added.
            Ref.Operations = CharDevice.OperationsOf(_driver.GetType());
            Ref.MostTransferred = _driver.MostTransferred;
            _driver.Attach(this);
        }
        else if (!_driver.IsAttached)
        {
            _driver.Attach(this);
        }
        return _driver;
    }

    private void BeginTransfer(KernelTransfer transfer)
    {
        TransferContext at = transfer.At;
        at.Number = transfer.Number;
        at.Rank = transfer.Origin.Rank;
        at.Caller = transfer.Origin.Caller;
        at.Priority = transfer.Origin.Priority;
        RunHandler(at, static (context, device) => device.Driver().InvokeTransfer((TransferContext)context), this);
    }

    private static void OnAnswer(FileRequest request)
    {
        if (request.Kind == FileRequestKind.ReleaseFile)
            ((EvlFile)request.Waiter!).ReleasedOob(); // a release carries its file
        else
            DeviceWaits.Answered((IoContext)request.Waiter!, request.Errno); // a question carries who asked
    }

    // Its signals come first. A failed device waits for nobody.
    private void End(IoContext context, SysResult result)
    {
        if (!_hasFailed && context is IoCall { Unsettled: > 0 } call)
        {
            call.Settling = result;
            return;
        }
        _active.Remove(context);
        context.Ended(result);
        StopIfDone();
    }

    private void OnSettled(KillFasync kill)
    {
        var call = (IoCall)kill.Waiter!; // it comes back to who waits for it
        kill.Waiter = null;
        kill.File.Return(kill);
        // After a failure nobody waits for it any more.
        if (!_hasFailed && --call.Unsettled == 0 && call.Settling is { } result)
            End(call, result);
    }

    private void HandlerThrew(IoContext context, Exception cause)
    {
        // One that insisted on sleeping while its file is released was thrown out by the machine, as is a kernel thread that stops
        // itself: that is no failure of the device.
        bool isExit = cause is KernelThreadExitException && context is KernelThread;
        if ((cause is DeviceStoppedException || isExit) && !_hasFailed)
        {
            End(context, isExit ? SysResult.Ok() : Errno.EIDRM);
            return;
        }
        _active.Remove(context);
        if (!_hasFailed)
            Fail(context, cause);
        context.Ended(Errno.EIO);
        StopIfDone();
    }

    private void Fail(
        IoContext? thrower, Exception cause, string what = EndOfMachine, Call? caller = null)
    {
        _hasFailed = true;
        Ref.Level = DeviceRef.UnknownLevel;
        string operation = thrower is null ? what : thrower.HandlerName;
        caller ??= thrower?.Call;
        string callerName = caller is { } by ? $"thread {by.Thread.Tid} of process {by.Thread.Process.Pid}" : "the machine";
        DeviceHasFailed(Context.Log, Ref.Name, operation, callerName, cause);
        Context.Events.Emit(MachineEventKind.DeviceFailed, caller, detail: $"{Ref.Name}: {operation}: {cause.Message}");
        // Told before the failing call is answered: whoever hears of EIO and opens the node again finds it free for a new device.
        Context.InBandStage.Tell(new DeviceFailed(Ref, operation, cause), Rank.Head);
        for (EvlFile? file = _files.First; file is not null; file = file.Next)
            file.Ref.Actor.Tell(new DeviceFailed(Ref, operation, cause), Rank.Head);
        DevicePolls.Failed(_files.First);
        foreach (EvlTimer timer in _timers)
            timer.Stop();
        for (IoContext? context = _active.First; context is not null;)
        {
            IoContext? next = context.ActiveNext;
            EndForFailure(context);
            context = next;
        }
        // Now, not when the last handler has ended: that may be a release which waits for one of these references.
        PutAll();
    }

    private void EndForFailure(IoContext context)
    {
        if (context is IoCall { Settling: { } result })
        {
            End(context, result);
            return;
        }
        if (context.AwaitsForeign)
        {
            Abandon(context);
            return;
        }
        switch (context.State)
        {
            case WaitState.Asleep:
                context.WasRefused = true;
                context.Wake(Errno.EIO);
                break;
            case WaitState.AwaitingActor:
                // It comes back: a descriptor is resolved at once, a transfer is interrupted.
                Waits.End(context, Errno.EIO);
                break;
            default:
                // It goes on by itself: it was woken and its resumption is on the way, or its file's crossing drains.
                break;
        }
    }

    private void Abandon(IoContext context)
    {
        context.IsAbandoned = true;
        context.HandlerTask.Abandon();
        _active.Remove(context);
        context.Ended(Errno.EIO);
        StopIfDone();
    }

    private void PutAll()
    {
        while (Held is [.., var reference])
            reference.Dispose();
    }

    private void StopIfDone()
    {
        if (_hasFailed && _active.First is null)
            Engine.Stop(Self);
        else if (_opens == _lastOpen && _files.First is null && !_hasFailed)
            EndUnused();
    }

    // Nobody can open it any more and all its files are gone: what its driver runs by itself ends, then the device.
    private void EndUnused()
    {
        for (IoContext? context = _active.First; context is not null; context = context.ActiveNext)
        {
            if (context is not KernelThread)
                return;
        }
        foreach (EvlTimer timer in _timers)
            timer.Stop();
        foreach (KernelThread thread in Threads)
            thread.AskToStop();
        if (Threads.Count > 0)
            return;
        Context.InBandStage.Tell(new ElementGone(Ref, _opens), Rank.Head);
        Context.Events.Emit(MachineEventKind.DeviceEnded, detail: Ref.Name);
        Engine.Stop(Self);
    }

    private void ElementEnds()
    {
        Context.InBandStage.Tell(new ElementGone(Ref, _opens), Rank.Head);
        if ((Ref.Traits & DeviceTraits.Pinned) == 0)
            Engine.Stop(Self);
    }

    private IoCall RentCall()
    {
        if (_spareCalls is not { } io)
            return new IoCall();
        _spareCalls = (IoCall?)io.ActiveNext;
        io.ActiveNext = null;
        return io;
    }

    private void AddFile(EvlFile file)
    {
        if (file.IsOob && IsInBandLane && !_hasSaidLane)
        {
            _hasSaidLane = true;
            OobFileInBandLane(Context.Log, Ref.Name);
            Context.Events.Emit(MachineEventKind.DriverWarning, file: file.Id,
                detail: $"{Ref.Name}: its files are oob but served in the in-band lane, behind in-band work; add it with DeviceLane.Oob.");
        }
        _files.Add(file);
    }
}

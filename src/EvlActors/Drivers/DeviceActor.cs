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
    private IoContext? _active;
    private EvlFile? _files;
    private IoCall? _spareCalls;
    private readonly DevicePolls _polls = new();
    private readonly DeviceSleeps _threadSleeps;
    private bool _hasSaidLongTurn;
    private FileOperations _hasRun;
    private bool _hasFailed;
    private bool _hasSaidLane;
    private int _opens;
    private int _lastOpen = -1;
    private int _sleeps;

    internal DeviceActor(MachineContext context, DeviceRef device, Func<CharDevice> factory, CharDevice? driver = null)
    {
        Context = context;
        Ref = device;
        _factory = factory;
        _driver = driver;
        RunsUserCode = driver is null || driver.RunsUserCode;
        _threadSleeps = new DeviceSleeps(device.Name);
    }

    internal MachineContext Context { get; }

    internal DeviceRef Ref { get; }

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
    /// <remarks>A call that its driver answers at once. Where faults are injected every call goes the way on which it can meet them.</remarks>
    internal override bool TryReceiveAtOnce(Message message)
    {
        if (message is not Call call || _driver is not { } driver || !driver.AnswersAtOnce(call) || _hasFailed || Context.Injector is not null)
            return false;
        AnswerAtOnce(driver, call);
        return true;
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
                OnInterrupt(interrupt);
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
                Answered((IoContext)request.Waiter, request.Result);
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
                if (!_hasFailed && (_active is not null || Held.Count > 0))
                {
                    Fail(thrower: null, DeviceStoppedException.Failed(Ref.Name));
                    // It may have held no handler but a reference that somebody waits for.
                    StopIfDone();
                }
                break;
            case KernelTransfer { IsAnswer: true } transfer:
                OnTransferred(transfer);
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
        for (EvlFile? file = _files; file is not null; file = file.Next)
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

    /// <summary>Has a function run on the oob stage and waits for its result; not interruptible.</summary>
    internal Wait RunOobCall(IoContext context, Func<OobCallContext, SysResult> function)
    {
        BeginAsking(context);
        new OobCallContext(context).Post(this, function);
        return new Wait(context);
    }

    /// <summary>Begins a sleep that only its date, or an interruption, ends: ETIMEDOUT at the date.</summary>
    internal Wait Sleep(IoContext context, long dateNs)
    {
        PrepareWait(context, interruptible: true);
        if (context.State == WaitState.Prepared)
            GoToSleep(context, EvlTimeout.Until(dateNs));
        return new Wait(context);
    }

    /// <summary>Begins a wait in a queue of this device: State is Prepared afterwards, or the wait was refused with WaitResult.</summary>
    internal void PrepareWait(IoContext context, bool interruptible)
    {
        if (context.State != WaitState.Running)
            throw new InvalidOperationException("A handler has one wait at a time: await the first before the next begins.");
        StageCheck.MaySleep(context, "a wait");
        Errno refused = RefuseWait(context, interruptible);
        if (refused != Errno.None)
        {
            context.WaitResult = refused;
            return;
        }
        context.State = WaitState.Prepared;
        context.IsInterruptible = interruptible;
    }

    /// <summary>Puts a prepared waiter to sleep: test and registration were one turn, so no wake-up is lost.</summary>
    internal void GoToSleep(IoContext context, EvlTimeout timeout = default)
    {
        RefuseIfAtomic(context);
        context.State = WaitState.Asleep;
        // No other sleep of this device has it, whichever thread it is of.
        context.SleepNumber = _sleeps = (_sleeps + 1) & int.MaxValue;
        // Before it is said that the call sleeps: who hears of that can look where.
        TellSleep(context, context.IsInterruptible);
        Context.Events.Emit(MachineEventKind.CallAsleep, context.Call);
        context.NoteSleep();
        if (!timeout.IsInfinite)
            Engine.Arm(context.WaitTimer ??= new ActorTimer(Self, context), timeout.DateNs(Engine.MonotonicNs));
    }

    /// <summary>Tells the thread of a context, if it has one, that its call sleeps here.</summary>
    internal void TellSleep(IoContext context, bool isInterruptible)
    {
        if (context.Call is { } call)
            _threadSleeps.Began(call, isInterruptible);
    }

    /// <summary>Ends an interruptible wait here or at a cross-buffer; false: there is none to end.</summary>
    internal bool EndWait(IoContext context, Errno reason)
    {
        switch (context.State)
        {
            case WaitState.Asleep when context.IsInterruptible:
                context.Wake(reason);
                return true;
            case WaitState.AwaitingActor when context.Transfer is { } transfer:
                transfer.Interrupt(reason);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Sends a request to another actor and waits for its answer; not interruptible.</summary>
    internal Wait Ask(IoContext context, FileRequest request, ActorRef target, Rank rank)
    {
        request.ReplyTo = Self;
        request.ReplyRank = context.Rank;
        request.Waiter = context;
        BeginAsking(context);
        target.Tell(request, rank);
        return new Wait(context);
    }

    /// <summary>Waits for answers that the context's own code has asked for and that <see cref="Answered"/> ends; not interruptible.</summary>
    internal Wait AwaitAnswers(IoContext context)
    {
        BeginAsking(context);
        return new Wait(context);
    }

    /// <summary>Sends a request to a thread's actor and waits for its answer; not interruptible.</summary>
    internal Wait Ask(IoContext context, ThreadRequest request, ActorRef thread)
    {
        BeginAsking(context);
        thread.Tell(request, Rank.Head);
        return new Wait(context);
    }

    /// <summary>Sends a transfer to a cross-buffer's device and waits for its answer.</summary>
    internal Wait Transfer(IoContext context, EvlFileReference xbuf, bool isWrite, Memory<byte> data, bool nonBlocking)
    {
        KernelTransfer transfer = context.Transfer ??= new KernelTransfer();
        // Decided here, where the file and the device are known; it matters only if the transfer would sleep.
        transfer.Refused = WhyRefused(context, interruptible: true);
        transfer.WasEnded = false;
        transfer.Number++;
        transfer.Xbuf = xbuf.File.Device.Actor;
        transfer.File = (EvlFile)xbuf.Handle!; // every open file of a driver has a handle
        transfer.Origin = context;
        transfer.IsWrite = isWrite;
        transfer.Data = data;
        transfer.NonBlocking = nonBlocking;
        transfer.MayBlock = context.IsOob && context.CanSleep;
        transfer.IsAnswer = false;
        transfer.Caller = context.Caller;
        BeginAsking(context);
        transfer.Xbuf.Tell(transfer, context.Rank);
        return new Wait(context);
    }

    /// <summary>Runs driver code as a context, until it ends or first suspends.</summary>
    internal void RunHandler<TState>(IoContext context, Func<IoContext, TState, IoTask> handler, TState state)
    {
        context.Device = this;
        context.State = WaitState.Running;
        context.WasRefused = false;
        context.WaitFault = null;
        // What the handler before it in this context did not end is not held by this one.
        if (context.Held.Count > 0)
            context.Held.Clear();
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
                $"{Ref.Name}: {NameOf(context)} ended while a wait that it had begun was under way: await each wait at once."));
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
                RemoveFile(file);
                break;
        }
        if (!io.IsAbandoned)
        {
            io.ActiveNext = _spareCalls;
            _spareCalls = io;
        }
        if (_files is null && (Ref.Traits & DeviceTraits.Element) != 0 && call.Operation is FileOperation.Open or FileOperation.Release)
            ElementEnds();
        call.Return(result, this);
    }

    /// <inheritdoc/>
    internal override void AwaitsForeign(IoContext? context)
    {
        if (context is not null)
            RefuseIfAtomic(context);
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

    // The driver is the machine's own, but the memory is the caller's: it may have been given back, and its owner then throws.
    private void AnswerAtOnce(CharDevice driver, Call call)
    {
        Routed(call);
        SysResult result;
        try
        {
            result = driver.AnswerAtOnce(call);
        }
        catch (Exception e)
        {
            Fail(thrower: null, e, call.Operation.ToString(), call);
            call.Return(Errno.EIO, this);
            StopIfDone();
            return;
        }
        call.Return(result, this);
    }

    private void Routed(Call call)
    {
        if (Context.Events.Wants(MachineEventKind.CallRouted))
            Context.Events.Emit(MachineEventKind.CallRouted, call, file: FileOf(call), detail: Enum.GetName(call.Operation));
    }

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

    // Scheduling while atomic: what would hang or corrupt a kernel is a driver bug that is told as such here.
    private static void RefuseIfAtomic(IoContext context)
    {
        if (context.Held.Count == 0)
            return;
        context.CancelWait();
        throw SleepInAtomic(context);
    }

    internal static InvalidOperationException SleepInAtomic(IoContext context, string why = "") =>
        new($"{context.Device.Ref.Name}: {NameOf(context)} slept in an atomic section; it held: {string.Join(", ", context.Held)}. End the section first{why}.");

    /// <summary>What a piece of driver code is called in messages.</summary>
    internal static string NameOf(IoContext context) => context switch
    {
        TransferContext => "a transfer with a cross-buffer",
        PollContext => "a poll handler",
        { Call: { } call } => call.Operation.ToString(),
        KernelThread thread => $"kernel thread {thread.Name}",
        IrqWorkContext => "an irq_work's handler",
        OobCallContext => "a function run by RunOobCall",
        _ => "a timer's handler",
    };

    private void BeginAsking(IoContext context)
    {
        RefuseIfAtomic(context);
        if (context.State != WaitState.Running)
            throw new InvalidOperationException("A handler has one wait at a time: await the first before the next begins.");
        context.State = WaitState.AwaitingActor;
    }

    /// <summary>What a context waits for outside its handler has come: its handler goes on in a turn of its own.</summary>
    internal static void AnsweredSoon(IoContext context, SysResult result = default)
    {
        context.State = WaitState.Running;
        context.WaitResult = result;
        Resumption? waiting = context.Waiting;
        context.Waiting = null;
        waiting?.Post(context.Rank, context.Caller);
    }

    /// <summary>What a context waits for outside its device has come: its handler goes on in this turn.</summary>
    internal static void Answered(IoContext context, SysResult result)
    {
        context.State = WaitState.Running;
        context.WaitResult = result;
        Resumption? waiting = context.Waiting;
        context.Waiting = null;
        waiting?.Resume();
    }

    private static void OnAnswer(FileRequest request)
    {
        if (request.Kind == FileRequestKind.ReleaseFile)
            ((EvlFile)request.Waiter!).ReleasedOob(); // a release carries its file
        else
            Answered((IoContext)request.Waiter!, request.Errno); // a question carries who asked
    }

    private static void OnInterrupt(Interrupt interrupt)
    {
        var sleeper = (IoContext)interrupt.Sleeper;
        // A context serves one thread's call after another's, and both may have the same number: call and sleep have to match.
        bool isMeant = sleeper.State == WaitState.Asleep && sleeper.IsInterruptible && sleeper.Call == interrupt.Call
            && sleeper.CallNumber == interrupt.CallNumber && sleeper.SleepNumber == interrupt.SleepNumber;
        if (isMeant)
            sleeper.Wake(interrupt.Reason);
    }

    // Its signals come first. A failed device waits for nobody.
    private void End(IoContext context, SysResult result)
    {
        if (!_hasFailed && context is IoCall { Unsettled: > 0 } call)
        {
            call.Settling = result;
            return;
        }
        Deactivate(context);
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
        Deactivate(context);
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
        string operation = thrower is null ? what : NameOf(thrower);
        caller ??= thrower?.Call;
        string callerName = caller is { } by ? $"thread {by.Thread.Tid} of process {by.Thread.Process.Pid}" : "the machine";
        DeviceHasFailed(Context.Log, Ref.Name, operation, callerName, cause);
        Context.Events.Emit(MachineEventKind.DeviceFailed, caller, detail: $"{Ref.Name}: {operation}: {cause.Message}");
        // Told before the failing call is answered: whoever hears of EIO and opens the node again finds it free for a new device.
        Context.InBandStage.Tell(new DeviceFailed(Ref, operation, cause), Rank.Head);
        for (EvlFile? file = _files; file is not null; file = file.Next)
            file.Ref.Actor.Tell(new DeviceFailed(Ref, operation, cause), Rank.Head);
        DevicePolls.Failed(_files);
        foreach (EvlTimer timer in _timers)
            timer.Stop();
        for (IoContext? context = _active; context is not null;)
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
                EndWait(context, Errno.EIO);
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
        Deactivate(context);
        context.Ended(Errno.EIO);
        StopIfDone();
    }

    private Errno RefuseWait(IoContext context, bool interruptible)
    {
        Errno refused = WhyRefused(context, interruptible);
        if (refused != Errno.None && NoteRefused(context, refused, interruptible) is { } thrown)
            throw thrown;
        return refused;
    }

    private Errno WhyRefused(IoContext context, bool interruptible) => _hasFailed ? Errno.EIO : context.RefuseWait(interruptible);

    // An error is told once; who goes on waiting, or waits for what no error can end, is thrown out: a handler that ignores the
    // error would never leave its turn.
    private DeviceStoppedException? NoteRefused(IoContext context, Errno refused, bool interruptible)
    {
        context.WaitRefused();
        if (refused is not (Errno.EIO or Errno.EIDRM))
            return null;
        if (context.WasRefused || (_hasFailed && !interruptible))
            return _hasFailed ? DeviceStoppedException.Failed(Ref.Name) : DeviceStoppedException.Releasing(Ref.Name);
        context.WasRefused = true;
        return null;
    }

    // A transfer that did not sleep was not refused, whatever it would have got.
    private void OnTransferred(KernelTransfer transfer)
    {
        IoContext origin = transfer.Origin;
        if (transfer.WasEnded)
            origin.WaitFault = NoteRefused(origin, transfer.Result.Errno, interruptible: true);
        Answered(origin, transfer.Result);
    }

    private void PutAll()
    {
        while (Held is [.., var reference])
            reference.Dispose();
    }

    private void StopIfDone()
    {
        if (_hasFailed && _active is null)
            Engine.Stop(Self);
        else if (_opens == _lastOpen && _files is null && !_hasFailed)
            EndUnused();
    }

    // Nobody can open it any more and all its files are gone: what its driver runs by itself ends, then the device.
    private void EndUnused()
    {
        for (IoContext? context = _active; context is not null; context = context.ActiveNext)
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

    private void Activate(IoContext context)
    {
        context.ActivePrevious = null;
        context.ActiveNext = _active;
        if (_active is not null)
            _active.ActivePrevious = context;
        _active = context;
    }

    private void Deactivate(IoContext context)
    {
        if (context.ActivePrevious is null)
            _active = _active == context ? context.ActiveNext : _active;
        else
            context.ActivePrevious.ActiveNext = context.ActiveNext;
        if (context.ActiveNext is not null)
            context.ActiveNext.ActivePrevious = context.ActivePrevious;
        context.ActiveNext = null;
        context.ActivePrevious = null;
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
        file.Next = _files;
        if (_files is not null)
            _files.Previous = file;
        _files = file;
    }

    private void RemoveFile(EvlFile file)
    {
        if (file.Previous is null)
            _files = file.Next;
        else
            file.Previous.Next = file.Next;
        if (file.Next is not null)
            file.Next.Previous = file.Previous;
    }
}

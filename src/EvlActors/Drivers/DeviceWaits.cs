using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// How the handlers of one device wait: asleep in a queue, or for the answer of another actor. A handler has one wait at a time. In
/// turns of the device.
/// </summary>
internal sealed class DeviceWaits(DeviceActor device)
{
    private readonly DeviceSleeps _sleeps = new(device.Ref.Name);
    private int _lastSleep;

    /// <summary>Begins a wait in a queue of this device: State is Prepared afterwards, or the wait was refused with WaitResult.</summary>
    internal void Prepare(IoContext context, bool interruptible)
    {
        if (context.State != WaitState.Running)
            throw new InvalidOperationException("A handler has one wait at a time: await the first before the next begins.");
        StageCheck.MaySleep(context, "a wait");
        Errno refused = Refuse(context, interruptible);
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
        context.RefuseIfAtomic();
        FallAsleep(context);
        if (!timeout.IsInfinite)
            device.Engine.Arm(context.WaitTimer ??= new ActorTimer(device.Self, context), timeout.DateNs(device.Engine.MonotonicNs));
    }

    /// <summary>
    /// Has a call sleep, interruptibly, that has no handler: whoever gives it what it waits for can complete it there and then, so that
    /// nothing of it is kept and no turn is spent on it. For drivers of the machine's own. Any other end of the sleep is a turn of its
    /// own, in which the driver completes the call too, or <see cref="CharDevice.ParkedEnds">hears of it</see>.
    /// </summary>
    /// <param name="queue">Where it sleeps.</param>
    /// <param name="call">The call.</param>
    /// <param name="refused">Why it does not sleep, if it doesn't.</param>
    /// <returns>Whether it sleeps.</returns>
    internal bool TryPark(WaitQueue queue, IoCall call, out SysResult refused)
    {
        Errno why = Refuse(call, interruptible: true);
        refused = why;
        if (why != Errno.None)
            return false;
        call.IsInterruptible = true;
        call.IsExclusive = false;
        queue.Insert(call, first: false);
        call.IsParked = true;
        if (!ReferenceEquals(call.EndOfHandler.Owner, device))
            call.EndOfHandler.Owner = device;
        call.Waiting = call.EndOfHandler;
        FallAsleep(call);
        return true;
    }

    private void FallAsleep(IoContext context)
    {
        context.State = WaitState.Asleep;
        // No other sleep of this device has it, whichever thread it is of.
        context.SleepNumber = _lastSleep = (_lastSleep + 1) & int.MaxValue;
        Call? call = context.Call;
        // Before it is said that the call sleeps: who hears of that can look where.
        if (call is not null)
            _sleeps.Began(call, context.IsInterruptible);
        device.Context.Events.Emit(MachineEventKind.CallAsleep, call);
        if (call is null)
            return;
        // Whoever interrupts its thread is to find it here.
        call.SleepNumber = context.SleepNumber;
        call.Thread.Actor.TellFrom(device, call.NoticeOf(device.Self, context, context.IsInterruptible), call.CallRank);
    }

    /// <summary>Tells the thread of a context, if it has one, that its call sleeps here.</summary>
    internal void TellSleep(IoContext context, bool isInterruptible)
    {
        if (context.Call is { } call)
            _sleeps.Began(call, isInterruptible);
    }

    /// <summary>Begins a sleep that only its date, or an interruption, ends: ETIMEDOUT at the date.</summary>
    internal Wait Sleep(IoContext context, long dateNs)
    {
        Prepare(context, interruptible: true);
        if (context.State == WaitState.Prepared)
            GoToSleep(context, EvlTimeout.Until(dateNs));
        return new Wait(context);
    }

    /// <summary>Ends an interruptible wait here or at a cross-buffer; false: there is none to end.</summary>
    internal bool End(IoContext context, Errno reason)
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

    /// <summary>Ends the sleep that an interrupt is for, if it is not over.</summary>
    internal static void OnInterrupt(Interrupt interrupt)
    {
        var sleeper = (IoContext)interrupt.Sleeper;
        // A context serves one thread's call after another's, and both may have the same number: call and sleep have to match.
        bool isMeant = sleeper.State == WaitState.Asleep && sleeper.IsInterruptible && sleeper.Call == interrupt.Call
            && sleeper.CallNumber == interrupt.CallNumber && sleeper.SleepNumber == interrupt.SleepNumber;
        if (isMeant)
            sleeper.Wake(interrupt.Reason);
    }

    /// <summary>Sends a request to another actor and waits for its answer; not interruptible.</summary>
    internal Wait Ask(IoContext context, FileRequest request, ActorRef target, Rank rank)
    {
        request.ReplyTo = device.Self;
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

    /// <summary>Has a function run on the oob stage and waits for its result; not interruptible.</summary>
    internal Wait RunOobCall(IoContext context, Func<OobCallContext, SysResult> function)
    {
        BeginAsking(context);
        new OobCallContext(context).Post(device, function);
        return new Wait(context);
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

    private Errno Refuse(IoContext context, bool interruptible)
    {
        Errno refused = WhyRefused(context, interruptible);
        if (refused != Errno.None && NoteRefused(context, refused, interruptible) is { } thrown)
            throw thrown;
        return refused;
    }

    private Errno WhyRefused(IoContext context, bool interruptible) => device.HasFailed ? Errno.EIO : context.RefuseWait(interruptible);

    // An error is told once; who goes on waiting, or waits for what no error can end, is thrown out: a handler that ignores the
    // error would never leave its turn.
    private DeviceStoppedException? NoteRefused(IoContext context, Errno refused, bool interruptible)
    {
        context.WaitRefused();
        if (refused is not (Errno.EIO or Errno.EIDRM))
            return null;
        if (context.WasRefused || (device.HasFailed && !interruptible))
            return device.HasFailed ? DeviceStoppedException.Failed(device.Ref.Name) : DeviceStoppedException.Releasing(device.Ref.Name);
        context.WasRefused = true;
        return null;
    }

    /// <summary>A transfer with a cross-buffer is back. One that did not sleep was not refused, whatever it would have got.</summary>
    internal void OnTransferred(KernelTransfer transfer)
    {
        IoContext origin = transfer.Origin;
        if (transfer.WasEnded)
            origin.WaitFault = NoteRefused(origin, transfer.Result.Errno, interruptible: true);
        Answered(origin, transfer.Result);
    }

    private void BeginAsking(IoContext context)
    {
        context.RefuseIfAtomic();
        if (context.State != WaitState.Running)
            throw new InvalidOperationException("A handler has one wait at a time: await the first before the next begins.");
        context.State = WaitState.AwaitingActor;
    }
}

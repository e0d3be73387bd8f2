using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// What a piece of driver code runs as: a system call (<see cref="IoCall"/>), a kernel thread (<see cref="KernelThread"/>) or an
/// interrupt (<see cref="InterruptContext"/>). Every service that can wait is told which one waits. It has at most one wait at
/// a time.
/// </summary>
public abstract class IoContext
{
    private protected IoContext() => EndOfHandler = new HandlerEnd(this);

    /// <summary>The priority by which it waits and runs: the thread's, 0 to 99; in-band calls 0.</summary>
    public int Priority { get; internal set; }

    /// <summary>Whether it may sleep at all: an interrupt may not.</summary>
    public virtual bool CanSleep => true;

    /// <summary>Whether a blocking EVL service may put it to sleep: oob calls of attached threads and kernel threads.</summary>
    internal abstract bool IsOob { get; }

    /// <summary>The system call it runs for, or null.</summary>
    internal virtual Call? Call => null;

    /// <summary>How its sleeps are numbered towards interrupts: the call's number, or 0.</summary>
    internal long CallNumber => Call?.Number ?? 0;

    /// <summary>Sleeps until a date. evl_sleep_until.</summary>
    /// <param name="dateNs">The date, in nanoseconds of the machine's monotonic clock; a past one has come already.</param>
    /// <returns>0; EPERM if it can't block: in-band, or an interrupt; EINTR; EIDRM, EIO as a wait.</returns>
    public async IoTask SleepUntil(long dateNs)
    {
        if (!IsOob || !CanSleep)
            return Errno.EPERM;
        if (dateNs <= Device.Engine.MonotonicNs)
            return 0;
        SysResult woken = await Device.Waits.Sleep(this, dateNs);
        return woken.Errno switch
        {
            Errno.ETIMEDOUT => 0,
            Errno.ERESTARTSYS => Errno.EINTR,
            _ => woken,
        };
    }

    /// <summary>Sleeps for some time. evl_sleep.</summary>
    /// <param name="delayNs">How long, in nanoseconds.</param>
    /// <returns>As <see cref="SleepUntil"/>.</returns>
    public IoTask Sleep(long delayNs) => SleepUntil(Dates.After(Device.Engine.MonotonicNs, delayNs));

    /// <summary>
    /// Whether a fault point of the driver's own, or <see cref="FaultPoint.Allocation"/> for memory of its own, fails this time.
    /// Counterpart of <c>should_fail</c>; costs next to nothing while no point is configured.
    /// </summary>
    /// <param name="point">The point; keep it in a static field.</param>
    /// <param name="size">How much is asked for, for <see cref="FaultAttributes.Space"/>; 1 by default.</param>
    /// <returns>True: do as if what comes next had failed.</returns>
    public bool ShouldFail(FaultPoint point, long size = 1)
    {
        ArgumentNullException.ThrowIfNull(point);
        return Device.Context.ShouldFail(point, Call, "the driver", size);
    }

    internal DeviceActor Device = null!; // set when it begins to run

    internal Rank Rank;

    internal Caller? Caller;

    // Its wait. Owned by the actor in which it waits.
    internal WaitState State;
    internal SteadyRef<WaitQueue> Queue;
    internal IoContext? QueueNext;
    internal IoContext? QueuePrevious;
    internal bool IsInterruptible;
    internal bool IsExclusive;
    internal ActorTimer? WaitTimer;
    internal int SleepNumber;
    internal SysResult WaitResult;

    /// <summary>The atomic sections that it is in, the last begun last.</summary>
    internal List<string> Held { get; } = [];

    /// <summary>How much it waits for, where the queue's owner hands out amounts.</summary>
    internal int Wanted;

    /// <summary>How much a reader takes if more than <see cref="Wanted"/> is there.</summary>
    internal int WantedAtMost;

    /// <summary>Where what it waited for was reserved; its wait's result says how much.</summary>
    internal int GrantedAt;

    /// <summary>Whether <see cref="Wanted"/> is a set of bits of which it waits for all, not for some.</summary>
    internal bool WantsAll;

    /// <summary>The handler's code that goes on when the wait ends; null while the wait is not awaited yet.</summary>
    internal Resumption? Waiting;

    /// <summary>Its transfer with a cross-buffer, made at the first; asked for while State says so.</summary>
    internal KernelTransfer? Transfer;

    /// <summary>Whether its device failed while it awaited something foreign: it never goes on.</summary>
    internal bool IsAbandoned;

    /// <summary>Whether a wait was refused because the device has failed: the next one throws.</summary>
    internal bool WasRefused;

    /// <summary>What its wait throws when it goes on, or null.</summary>
    internal Exception? WaitFault;

    // The handler itself. Owned by the device.
    internal IoTask HandlerTask;
    internal IoContext? ActiveNext;
    internal IoContext? ActivePrevious;

    internal Resumption EndOfHandler { get; }

    /// <summary>Whether its handler, or one that this awaits, waits for something that is no actor's: it may never come back.</summary>
    internal bool AwaitsForeign
    {
        get
        {
            Resumption? at = EndOfHandler.Awaited;
            while (at?.Awaited is { } next)
                at = next;
            return at is ForeignContinuation;
        }
    }

    /// <summary>What this piece of driver code is called in messages.</summary>
    internal string HandlerName => this switch
    {
        TransferContext => "a transfer with a cross-buffer",
        PollContext => "a poll handler",
        { Call: { } call } => call.Operation.ToString(),
        KernelThread thread => $"kernel thread {thread.Name}",
        IrqWorkContext => "an irq_work's handler",
        OobCallContext => "a function run by RunOobCall",
        _ => "a timer's handler",
    };

    /// <summary>Scheduling while atomic: what would hang or corrupt a kernel is a driver bug that is told as such here.</summary>
    internal void RefuseIfAtomic()
    {
        if (Held.Count == 0)
            return;
        CancelWait();
        throw SleepInAtomic();
    }

    internal InvalidOperationException SleepInAtomic(string why = "") =>
        new($"{Device.Ref.Name}: {HandlerName} slept in an atomic section; it held: {string.Join(", ", Held)}. End the section first{why}.");

    /// <summary>Why a wait can't begin; <see cref="Errno.None"/>: it can.</summary>
    internal virtual Errno RefuseWait(bool interruptible) => Errno.None;

    /// <summary>A wait was refused, as <see cref="RefuseWait"/> said.</summary>
    internal virtual void WaitRefused()
    {
    }

    /// <summary>The result of the wait that ended, for its handler.</summary>
    internal SysResult TakeWaitResult()
    {
        if (WaitFault is not { } fault)
            return WaitResult;
        WaitFault = null;
        throw fault;
    }

    /// <summary>The handler has ended: answers whoever started it. In a turn of the device.</summary>
    internal abstract void Ended(SysResult result);

    /// <summary>Ends its wait; nothing happens if it does not wait. In a turn of the actor in which it waits.</summary>
    internal void Wake(SysResult result)
    {
        if (State == WaitState.Prepared)
        {
            // Woken between preparing and sleeping: it will not sleep.
            Queue.Value?.Remove(this);
            State = WaitState.Running;
            WaitResult = result;
            return;
        }
        if (State != WaitState.Asleep)
            return;
        Resumption? waiting = Waiting;
        Rouse(result);
        // By a message, not in the waker's turn: several waiters go on in the order of their ranks.
        waiting?.Post(Rank, Caller);
    }

    /// <summary>Ends its sleep; what comes of that is seen to by whoever ends it.</summary>
    internal void Rouse(SysResult result)
    {
        Queue.Value?.Remove(this);
        if (WaitTimer is { IsArmed: true } timer)
            Device.Engine.Disarm(timer);
        State = WaitState.Running;
        WaitResult = result;
        Waiting = null;
        Call?.Thread.Runs();
        Device.Context.Events.Emit(MachineEventKind.CallWoken, Call, result: result);
    }

    /// <summary>Leaves a queue without having slept.</summary>
    internal void CancelWait()
    {
        if (State == WaitState.Prepared)
            Wake(0);
    }

    private sealed class HandlerEnd(IoContext context) : Resumption
    {
        internal override void Resume()
        {
            if (context is IoCall { IsParked: true } parked)
                context.Device.Awoke(parked);
            else
                context.Device.HandlerEnded(context);
        }
    }
}

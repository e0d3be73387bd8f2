using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// A kernel thread of a device: an asynchronous body that runs out-of-band at its own priority, in turns of its device.
/// Counterpart of <c>struct evl_kthread</c>. Its name is unique among all attached and kernel threads of the machine.
/// </summary>
public sealed class KernelThread : IoContext
{
    private readonly Func<KernelThread, IoTask> _body;
    private readonly WaitQueue _joiners = new();
    private readonly WaitQueue _starters = new();
    private readonly EvlPeriod _period;
    private bool _isNamed;
    private bool _isBroken;

    internal KernelThread(DeviceActor device, string name, int priority, int cpu, Func<KernelThread, IoTask> body)
    {
        Device = device;
        Name = name;
        Priority = priority;
        Cpu = cpu;
        _body = body;
        _period = new EvlPeriod(device);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The CPU that it was run on. The out-of-band stage is one lane, so it does not matter where that is.</summary>
    public int Cpu { get; }

    /// <summary>Whether somebody asked it to end; its loop tests this. evl_kthread_should_stop.</summary>
    public bool ShouldStop { get; private set; }

    /// <summary>Whether its body has ended, or was refused.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What its body returned, or why it was refused; 0 until then.</summary>
    public SysResult Result { get; private set; }

    /// <summary>How many release points the last <see cref="WaitPeriod"/> found missed.</summary>
    public long Overruns => _period.Overruns;

    internal override bool IsOob => true;

    /// <summary>Waits until it runs, or is known not to; not interruptible. What evl_run_kthread returns.</summary>
    /// <param name="context">Who waits.</param>
    /// <returns>0; EEXIST if another thread has the name; EINVAL if the name, the priority or the CPU is bad; ENAMETOOLONG.</returns>
    public async IoTask Started(IoContext context)
    {
        while (!_isNamed && !HasEnded)
        {
            if (await _starters.WaitUninterruptible(context) is { IsError: true } refused)
                return refused;
        }
        return _isNamed ? 0 : Result;
    }

    /// <summary>
    /// Asks it to end, ends its sleep with EINTR, and waits until its body has ended; not interruptible. evl_stop_kthread. It ends
    /// when it next looks at <see cref="ShouldStop"/>: one that does not look is waited for.
    /// </summary>
    /// <param name="context">Who waits.</param>
    /// <returns>0.</returns>
    /// <exception cref="KernelThreadExitException">The thread stops itself: this does not return to it.</exception>
    public IoTask Stop(IoContext context)
    {
        AskToStop();
        return context == this ? throw new KernelThreadExitException(Name) : Join(context);
    }

    /// <summary>Waits until its body has ended; not interruptible. evl_join_kthread.</summary>
    /// <param name="context">Who waits.</param>
    /// <returns>0; EDEADLK if the thread would wait for itself.</returns>
    public async IoTask Join(IoContext context)
    {
        if (context == this)
            return Errno.EDEADLK;
        while (!HasEnded)
        {
            if (await _joiners.WaitUninterruptible(context) is { IsError: true } refused)
                return refused;
        }
        return 0;
    }

    /// <summary>Ends its sleep with EINTR, if it sleeps. evl_unblock_kthread. In a turn of its device.</summary>
    public void Unblock() => Device.Waits.End(this, Errno.EINTR);

    /// <summary>Makes it periodic. evl_set_period. In its own body, or before it runs.</summary>
    /// <param name="firstDateNs">The first release point, in nanoseconds of the machine's monotonic clock; 0: one period from now.</param>
    /// <param name="periodNs">The period, in nanoseconds; 0: periodic no more.</param>
    /// <returns>0; EINVAL if a value is negative.</returns>
    public SysResult SetPeriod(long firstDateNs, long periodNs) => _period.Set(firstDateNs, periodNs);

    /// <summary>Sleeps until its next release point; one that has come already releases it at once. evl_wait_period. In its own
    /// body.</summary>
    /// <returns>0; EAGAIN without a period; ETIMEDOUT if release points were missed, <see cref="Overruns"/> says how many; EINTR.</returns>
    public IoTask WaitPeriod() => _period.Wait(this);

    internal void AskToStop()
    {
        // The first request ends one sleep; a second one leaves the thread's clean-up alone.
        if (ShouldStop)
            return;
        ShouldStop = true;
        bool isAsleep = State == WaitState.Asleep;
        // What waits at a cross-buffer may come back without having slept there: then its next sleep does not begin.
        _isBroken = !Device.Waits.End(this, Errno.EINTR) || !isAsleep;
    }

    /// <summary>Asks for its name; it runs when it has it.</summary>
    internal void Begin()
    {
        if (Priority is < 1 or > Rank.MaxOobPriority || Cpu < 0 || Cpu >= Device.Context.OnlineCpus || Name.Length == 0)
        {
            Finish(Errno.EINVAL);
            return;
        }
        Rank = Rank.Oob(Priority);
        var request = new ThreadNameRequest(Name, Device.Self, Device.Context.InBandStage, this);
        Device.Context.InBandStage.Tell(request, Rank.Head);
    }

    /// <summary>The name was asked for.</summary>
    internal void Named(Errno refused)
    {
        if (refused != Errno.None)
        {
            Finish(refused);
            return;
        }
        _isNamed = true;
        _starters.WakeAll();
        new StartOfBody(this) { Owner = Device }.Post(Rank, caller: null);
    }

    // A thread that was stopped between two sleeps does not begin the next one; those after it are its own business.
    internal override Errno RefuseWait(bool interruptible)
    {
        if (Device.Context.Injector is { } faults && faults.ShouldFail(FaultPoint.Worker, null, $"a wait of kernel thread {Name}", 1))
            throw new KernelThreadExitException(Name);
        return _isBroken && interruptible ? Errno.EINTR : Errno.None;
    }

    internal override void WaitRefused() => _isBroken = false;

    internal override void Ended(SysResult result)
    {
        GiveNameBack();
        Finish(result);
    }

    // Before anybody hears of its end: who does may run another of that name.
    private void GiveNameBack() => Device.Context.InBandStage.Tell(new ThreadNameFreed(Name), Rank.Head);

    private void Finish(SysResult result)
    {
        Result = result;
        HasEnded = true;
        Device.Threads.Remove(this);
        _starters.WakeAll();
        _joiners.WakeAll();
    }

    private sealed class StartOfBody(KernelThread thread) : Resumption
    {
        internal override void Resume()
        {
            if (thread.Device.HasFailed)
                thread.Ended(Errno.EIO);
            else
                thread.Device.RunHandler(thread, static (context, _) => ((KernelThread)context)._body((KernelThread)context), thread);
        }

        // Its device has stopped before it began.
        protected internal override void Undeliverable(UndeliverableReason reason) => thread.GiveNameBack();
    }
}

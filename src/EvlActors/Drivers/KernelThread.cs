using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>
/// A kernel thread of a device: an asynchronous body that runs out-of-band at its own priority, in turns of its device.
/// Counterpart of <c>struct evl_kthread</c>.
/// </summary>
public sealed class KernelThread : IoContext
{
    private readonly Func<KernelThread, IoTask> _body;
    private readonly WaitQueue _joiners = new();
    private bool _isBroken;

    internal KernelThread(DeviceActor device, string name, int priority, Func<KernelThread, IoTask> body)
    {
        Device = device;
        Name = name;
        Priority = priority;
        Rank = Rank.Oob(priority);
        _body = body;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Whether somebody asked it to end; its loop tests this. evl_kthread_should_stop.</summary>
    public bool ShouldStop { get; private set; }

    /// <summary>Whether its body has ended.</summary>
    public bool HasEnded { get; private set; }

    internal override bool IsOob => true;

    /// <summary>
    /// Asks it to end, ends its sleep with EINTR, and waits until its body has ended; not interruptible. evl_stop_kthread.
    /// </summary>
    /// <param name="context">Who waits; not the thread itself.</param>
    /// <returns>0; EDEADLK if the thread would wait for itself.</returns>
    public async IoTask Stop(IoContext context)
    {
        if (context == this)
            return Errno.EDEADLK;
        AskToStop();
        while (!HasEnded)
        {
            if (await _joiners.WaitUninterruptible(context) is { IsError: true } refused)
                return refused;
        }
        return 0;
    }

    internal void AskToStop()
    {
        // The first request ends one sleep; a second one leaves the thread's clean-up alone.
        if (ShouldStop)
            return;
        ShouldStop = true;
        bool isAsleep = State == WaitState.Asleep;
        // What waits at a cross-buffer may come back without having slept there: then its next sleep does not begin.
        _isBroken = !Device.EndWait(this, Errno.EINTR) || !isAsleep;
    }

    internal void Start() => new StartOfBody(this) { Owner = Device }.Post(Rank, caller: null);

    // A thread that was stopped between two sleeps does not begin the next one; those after it are its own business.
    internal override Errno RefuseWait(bool interruptible) => _isBroken && interruptible ? Errno.EINTR : Errno.None;

    internal override void WaitRefused() => _isBroken = false;

    internal override void Ended(SysResult result)
    {
        HasEnded = true;
        Device.Threads.Remove(this);
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
    }
}

using EvlActors.Drivers;

namespace EvlActors.Monitors;

/// <summary>A counting semaphore. Counterpart of <c>struct evl_sem</c> (libevl) and EVL_EVENT_COUNT monitors.</summary>
internal sealed class SemDevice(int value) : MonitorDevice(EventProtocol.Count)
{
    // Never positive while somebody waits.
    private int _value = value;

    /// <inheritdoc/>
    protected override PollEvents Ready => _value > 0 ? PollEvents.In | PollEvents.RdNorm : PollEvents.None;

    /// <inheritdoc/>
    protected override SysResult TryTake(int bits, bool exact)
    {
        if (_value == 0)
            return Errno.EAGAIN;
        _value--;
        return 0;
    }

    /// <inheritdoc/>
    protected override SysResult Post(int bits)
    {
        if (Waiters.WakeOne())
            return 0;
        if (_value == int.MaxValue)
            return Errno.EOVERFLOW;
        _value++;
        Pollers.Signal(Ready);
        return 0;
    }

    /// <inheritdoc/>
    protected override SysResult Broadcast(int bits)
    {
        Waiters.Flush(Errno.EAGAIN);
        return 0;
    }

    /// <inheritdoc/>
    protected override SysResult Peek()
    {
        int waiting = 0;
        for (IoContext? waiter = Waiters.First; waiter is not null; waiter = waiter.QueueNext)
            waiting++;
        return _value - waiting;
    }
}

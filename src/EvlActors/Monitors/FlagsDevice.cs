using EvlActors.Drivers;

namespace EvlActors.Monitors;

/// <summary>A group of 32 event flags. Counterpart of <c>struct evl_flags</c> (libevl) and EVL_EVENT_MASK monitors.</summary>
internal sealed class FlagsDevice(int bits) : MonitorDevice(EventProtocol.Mask)
{
    private const int AllBits = -1;

    private int _pending = bits;

    /// <inheritdoc/>
    protected override PollEvents Ready =>
        _pending != 0 ? PollEvents.In | PollEvents.RdNorm : PollEvents.Out | PollEvents.WrNorm;

    /// <inheritdoc/>
    protected override SysResult TryTake(int bits, bool exact)
    {
        int found = Match(bits, exact);
        if (found == 0)
            return Errno.EAGAIN;
        _pending &= ~found;
        if (_pending == 0)
            Pollers.Signal(Ready);
        return found;
    }

    /// <inheritdoc/>
    protected override SysResult Post(int bits) => Give(bits, toAll: false);

    /// <inheritdoc/>
    protected override SysResult Broadcast(int bits) => Give(bits, toAll: true);

    /// <inheritdoc/>
    protected override SysResult Peek() => _pending;

    // To wait for no bit is to wait for any, or for all of them.
    private int Match(int bits, bool exact)
    {
        int wanted = bits == 0 ? AllBits : bits;
        int found = _pending & wanted;
        return exact && found != wanted ? 0 : found;
    }

    private SysResult Give(int bits, bool toAll)
    {
        if (bits == 0)
            return Errno.EINVAL;
        _pending |= bits;
        int consumed = 0;
        for (IoContext? waiter = Waiters.First; waiter is not null && (toAll || consumed == 0);)
        {
            IoContext? next = waiter.QueueNext;
            int found = Match(waiter.Wanted, waiter.WantsAll);
            if (found != 0)
            {
                // Of a broadcast everybody gets a copy, so what is consumed goes when all have been looked at.
                consumed |= found;
                waiter.Wake(found);
            }
            waiter = next;
        }
        _pending &= ~consumed;
        Pollers.Signal(Ready);
        return 0;
    }
}

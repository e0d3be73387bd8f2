using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>
/// A thread's mask and pending signals: those sent to it, and those sent to its process that it accepted. Owned by its actor.
/// </summary>
internal sealed class ThreadSignals(ThreadInfo thread)
{
    private readonly PendingSignals _own = new();
    private readonly PendingSignals _accepted = new();

    /// <summary>What it blocks.</summary>
    internal ulong Mask { get; private set; } = thread.FirstMask;

    /// <summary>What is pending on it, blocked or not.</summary>
    internal ulong Pending => _own.Bits | _accepted.Bits;

    /// <summary>Whether a signal that it does not block is pending: <c>signal_pending()</c>.</summary>
    internal bool IsDeliverable => (Pending & ~Mask) != 0;

    internal bool Blocks(Signal signal) => (Mask & signal.Bit()) != 0;

    /// <summary>What the process does with a signal.</summary>
    internal SignalAction ActionOf(Signal signal) => thread.Process.Actions[signal];

    internal void Add(in SigInfo info, bool isThreadDirected)
    {
        if (!(isThreadDirected ? _own : _accepted).Add(info))
            thread.Process.Unqueue(info.Number);
    }

    /// <summary>Takes the lowest signal that is not blocked, its own before the process's.</summary>
    internal bool TryTake(out SigInfo info)
    {
        ulong own = _own.Bits & ~Mask;
        ulong accepted = _accepted.Bits & ~Mask;
        bool isOwn = own != 0 && (accepted == 0 || (own & (~own + 1)) <= (accepted & (~accepted + 1)));
        bool taken = (isOwn ? _own : _accepted).TryTake(~Mask, out info);
        if (taken)
            thread.Process.Unqueue(info.Number);
        return taken;
    }

    internal void Discard(Signal signal) => thread.Process.Unqueue(signal, _own.Discard(signal) + _accepted.Discard(signal));

    /// <summary>Takes a signal that goes back to the process, as the thread ends.</summary>
    internal bool TryGiveBack(out SigInfo info) => _accepted.TryTake(ulong.MaxValue, out info);

    /// <summary>Replaces the mask; no mask holds back KILL and STOP.</summary>
    /// <returns>Whether signals were unblocked.</returns>
    internal bool SetMask(ulong mask)
    {
        mask &= ~Signals.Unblockable;
        bool unblocks = (Mask & ~mask) != 0;
        Mask = mask;
        return unblocks;
    }
}

namespace EvlActors.Calls;

/// <summary>
/// Signals that wait. Counterpart of <c>struct sigpending</c>: of a standard signal one, the first; of real-time signals all, in
/// their order.
/// </summary>
internal sealed class PendingSignals
{
    // In order of arrival; there are few at a time, and none ever for most.
    private List<SigInfo>? _queue;

    /// <summary>Which signals wait.</summary>
    internal ulong Bits { get; private set; }

    internal bool Has(Signal signal) => (Bits & signal.Bit()) != 0;

    /// <summary>Adds a signal; false: it is a standard one that waits already.</summary>
    internal bool Add(in SigInfo info)
    {
        if (!info.Number.IsRealTime() && Has(info.Number))
            return false;
        (_queue ??= []).Add(info);
        Bits |= info.Number.Bit();
        return true;
    }

    /// <summary>Puts back a signal that was taken, ahead of the others of its number.</summary>
    internal void PutBack(in SigInfo info)
    {
        if (!info.Number.IsRealTime() && Has(info.Number))
            return;
        (_queue ??= []).Insert(0, info);
        Bits |= info.Number.Bit();
    }

    /// <summary>Takes the lowest signal of a set, the oldest of its number.</summary>
    internal bool TryTake(ulong from, out SigInfo info)
    {
        info = default;
        if ((Bits & from) == 0)
            return false;
        info = Take((Signal)(System.Numerics.BitOperations.TrailingZeroCount(Bits & from) + 1));
        return true;
    }

    /// <summary>Forgets a signal.</summary>
    /// <returns>How many there were.</returns>
    internal int Discard(Signal signal)
    {
        Bits &= ~signal.Bit();
        return _queue?.RemoveAll(i => i.Number == signal) ?? 0;
    }

    // Apart from the test above, which every call of a thread makes: what the searches capture is allocated on entry.
    private SigInfo Take(Signal lowest)
    {
        List<SigInfo> queue = _queue!; // a bit says that there is one
        int at = queue.FindIndex(i => i.Number == lowest);
        SigInfo info = queue[at];
        queue.RemoveAt(at);
        if (!queue.Exists(i => i.Number == lowest))
            Bits &= ~lowest.Bit();
        return info;
    }
}

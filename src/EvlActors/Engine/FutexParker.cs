namespace EvlActors.Engine;

/// <summary>A parker on a private futex: no allocation, absolute deadlines, and no system call when nobody sleeps.</summary>
internal sealed unsafe class FutexParker : Parker
{
    private const int Nothing = 0;
    private const int Woken = 1;
    private const int Sleeping = -1;

    private readonly PinnedWord _state = new();

    internal override void Wait(long deadlineNs = long.MaxValue)
    {
        int* state = _state.Address;
        if (Interlocked.CompareExchange(ref *state, Sleeping, Nothing) == Nothing)
            Linux.Wait(state, Sleeping, deadlineNs);
        // Woken, timed out or interrupted: all the same to the caller. Full fence: what it tests next is no older than the wake.
        Interlocked.Exchange(ref *state, Nothing);
        GC.KeepAlive(_state);
    }

    internal override void Wake()
    {
        int* state = _state.Address;
        if (Interlocked.Exchange(ref *state, Woken) == Sleeping)
            Linux.Wake(state);
        GC.KeepAlive(_state);
    }
}

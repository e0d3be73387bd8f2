namespace EvlActors.Calls;

/// <summary>The arguments of a call that polls; rented from its thread.</summary>
internal sealed class PollArguments
{
    /// <summary>The next one that is not in use; owned by the thread.</summary>
    internal PollArguments? NextSpare;

    /// <summary>poll(2)'s entries.</summary>
    internal UserArray<PollFd> Fds;

    /// <summary>poll(2)'s timeout in milliseconds; negative: none.</summary>
    internal int TimeoutMs;

    // select(2)'s sets and timeout; null: none.
    internal FdSet? Read;
    internal FdSet? Write;
    internal FdSet? Except;
    internal Timeval? Timeout;

    // epoll.
    internal EpollEvent? Event;
    internal UserArray<EpollEvent> Events;

    // EVL poll sets.
    internal UserArray<EvlPollEvent> Set;
    internal EvlTimespec? Date;
    internal long Action;
    internal int Fd;
    internal PollEvents Asked;
    internal long PollVal;
}

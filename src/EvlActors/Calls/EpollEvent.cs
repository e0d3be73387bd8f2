namespace EvlActors;

/// <summary>What epoll watches for, and what it reports. Counterpart of <c>struct epoll_event</c>.</summary>
/// <param name="Events">The events; with epoll_ctl also the EPOLL flags.</param>
/// <param name="Data">Given back with each report.</param>
public readonly record struct EpollEvent(PollEvents Events, long Data);

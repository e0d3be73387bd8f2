namespace EvlActors;

/// <summary>What an EVL poll set reports of one descriptor. Counterpart of <c>struct evl_poll_event</c>.</summary>
/// <param name="Fd">The descriptor.</param>
/// <param name="Events">What happened.</param>
/// <param name="PollVal">The value that was given with the descriptor.</param>
public readonly record struct EvlPollEvent(int Fd, PollEvents Events, long PollVal);

using EvlActors.Calls;

namespace EvlActors.OutOfBand;

/// <summary>One descriptor of a poll set. Counterpart of <c>struct evl_poll_node</c>.</summary>
/// <param name="Fd">The number, looked up by each wait.</param>
/// <param name="Events">What is asked for, ERR and HUP among it.</param>
/// <param name="PollVal">Given back with each report.</param>
/// <param name="File">The file that the number referred to when it was added: what nesting is judged by.</param>
internal readonly record struct PollSetItem(int Fd, PollEvents Events, long PollVal, OpenFileRef File);

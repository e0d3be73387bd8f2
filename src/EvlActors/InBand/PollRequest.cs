using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>What poll(2) and select(2) have of their own: their arguments and their results. The <see cref="PollWaiter"/> does the rest.</summary>
internal abstract class PollRequest
{
    /// <summary>Reads the arguments and adds a query for each file.</summary>
    /// <returns>Why the call fails, or None.</returns>
    internal abstract Errno Begin(Call call, PollWaiter waiter, out long timeoutNs);

    /// <summary>Counts what is ready after a scan; an error ends the call.</summary>
    internal abstract SysResult Count(ReadOnlySpan<PollQuery> queries, bool isFirstScan);

    /// <summary>Writes the results of a call that succeeds.</summary>
    internal abstract void Store(ReadOnlySpan<PollQuery> queries, long restNs);
}

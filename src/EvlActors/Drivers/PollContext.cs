using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>A question what a file is ready for, as the handler runs it that asks others before it answers.</summary>
internal sealed class PollContext : IoContext
{
    internal PollContext(PollQuery query)
    {
        Query = query;
        Rank = query.AskRank;
        Caller = query.Call?.Caller;
    }

    internal PollQuery Query { get; }

    internal override bool IsOob => false;

    internal override void Ended(SysResult result) =>
        Query.Answer(result.IsError ? PollQuery.OfFailed : (PollEvents)result.Value);
}

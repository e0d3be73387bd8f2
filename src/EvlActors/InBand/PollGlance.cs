using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// All questions of a scan at once, for a files table to answer without asking any file: it knows which numbers are open, and the
/// level of a device that publishes it (<see cref="DeviceRef.Level"/>). It watches nothing, so it is enough for a scan that ends
/// the call and no other. Owned by its asker and used again and again.
/// </summary>
internal sealed class PollGlance(ActorRef asker) : Message
{
    private PollQuery[] _queries = [];
    private int _count;

    /// <summary>The questions; the table writes their masks.</summary>
    internal ReadOnlySpan<PollQuery> Queries => _queries.AsSpan(0, _count);

    /// <summary>The answer: whether there is one for each question.</summary>
    internal bool IsComplete { get; private set; }

    /// <summary>The answer: how many files are ready.</summary>
    internal int Ready { get; private set; }

    internal void Ask(Call call, PollQuery[] queries, int count)
    {
        _queries = queries;
        _count = count;
        Caller = call.Caller;
        call.Files.Actor.Tell(this, Rank.InBand);
    }

    /// <summary>All have their answer, and so many are ready; in a turn of the table.</summary>
    internal void Answer(int ready)
    {
        IsComplete = true;
        Ready = ready;
        Return();
    }

    /// <summary>A file has to be asked.</summary>
    internal void AnswerIncomplete()
    {
        IsComplete = false;
        Return();
    }

    /// <summary>There is no table any more: the questions find that out one by one.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        if (reason != UndeliverableReason.EngineDisposed)
            AnswerIncomplete();
    }

    private void Return()
    {
        _queries = [];
        asker.Tell(this, Rank.InBand);
    }
}

using System.Collections.Concurrent;
using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// A look at the whole machine: goes from actor to actor, each says in one turn what it is and sends the survey on to those it
/// knows. Ends when nobody is left to answer. It is head-ranked and takes the way that references take, so whatever was done
/// before it was asked for is in it, and no descriptor is seen without its file.
/// </summary>
internal sealed class Survey
{
    private readonly ConcurrentQueue<object> _lines = new();
    private readonly ConcurrentDictionary<DeviceRef, bool> _devices = new();
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Questions that are not answered yet.
    private int _open;

    /// <summary>Completes when all have answered.</summary>
    internal Task Taken => _taken.Task;

    /// <summary>What they said, each actor's own in the order of its turns.</summary>
    internal IReadOnlyCollection<object> Lines => _lines;

    /// <summary>Asks an actor; in a turn that is asked itself, or to begin.</summary>
    /// <param name="actor">Who is asked, or the oob stage on the way to it.</param>
    /// <param name="file">The file to which the oob stage passes the question on; null: it is for the actor itself.</param>
    internal void Ask(ActorRef actor, OpenFileRef? file = null)
    {
        Interlocked.Increment(ref _open);
        actor.Tell(new Look(this, file), Rank.Head);
    }

    /// <summary>Asks a device, unless it was asked.</summary>
    internal void AskOnce(DeviceRef device)
    {
        if (_devices.TryAdd(device, true))
            Ask(device.Actor);
    }

    /// <summary>Notes what an actor says; in its turn.</summary>
    internal void Say(object line) => _lines.Enqueue(line);

    /// <summary>One question is answered.</summary>
    internal void Answered()
    {
        if (Interlocked.Decrement(ref _open) == 0)
            _taken.TrySetResult();
    }
}

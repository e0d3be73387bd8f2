using System.Collections.Concurrent;
using EvlActors.Actors;

namespace EvlActors.Behaviour;

/// <summary>One engine with its actors for one scenario, and what went wrong in them.</summary>
public sealed class ActorBench(IActorEngine engine)
{
    private readonly ConcurrentQueue<string> _complaints = new();

    /// <summary>The engine.</summary>
    public IActorEngine Engine { get; } = engine;

    /// <summary>What went wrong where nobody could throw.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>Makes a caller.</summary>
    public Door Door() => new(Engine);

    /// <summary>Spawns an actor.</summary>
    public ScriptedActor Spawn(string name, Placement placement = Placement.InBand, ActorRef? supervisor = null)
    {
        var actor = new ScriptedActor(this);
        Engine.Spawn(actor, new SpawnOptions(name, placement, supervisor));
        return actor;
    }

    /// <summary>Notes what went wrong.</summary>
    public void Complain(string what) => _complaints.Enqueue(what);
}

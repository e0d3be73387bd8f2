namespace EvlActors.Actors;

/// <summary>How an actor is spawned.</summary>
/// <param name="Name">Its name, for logs, events and failures.</param>
/// <param name="Placement">The lane it lives in, for good.</param>
/// <param name="Supervisor">Who is told when it fails; null: nobody.</param>
/// <param name="Neighbour">With <see cref="Placement.WithNeighbour"/>: the actor whose lane it shares.</param>
public readonly record struct SpawnOptions(
    string Name,
    Placement Placement = Placement.InBand,
    ActorRef? Supervisor = null,
    ActorRef? Neighbour = null);

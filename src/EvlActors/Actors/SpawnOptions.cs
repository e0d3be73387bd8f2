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
    ActorRef? Neighbour = null)
{
    /// <summary>Which of many of that name it is, as "name/number"; 0: there is one. Put together only when somebody asks.</summary>
    internal long Number { get; init; }

    /// <summary>The whole name.</summary>
    internal string FullName => NameOf(Name, Number);

    internal static string NameOf(string name, long number) => number == 0 ? name : $"{name}/{number}";
}

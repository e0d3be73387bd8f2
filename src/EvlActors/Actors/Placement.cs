namespace EvlActors.Actors;

/// <summary>Which lane an actor lives in. A lane runs its actors one at a time; an engine with one thread has one lane.</summary>
public enum Placement
{
    /// <summary>The in-band lane: the VFS, descriptor tables, in-band devices and their files, ordinary threads' actors.</summary>
    InBand,

    /// <summary>The out-of-band lane: EVL's side, FIFO threads' actors, oob devices and their files.</summary>
    Oob,

    /// <summary>A lane of its own, under the rules of the out-of-band lane.</summary>
    OwnOob,

    /// <summary>A lane of its own, under the rules of the in-band lane.</summary>
    OwnInBand,

    /// <summary>The lane of <see cref="SpawnOptions.Neighbour"/>.</summary>
    WithNeighbour,
}

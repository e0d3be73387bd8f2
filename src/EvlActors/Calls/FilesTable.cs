using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// The identity of one table of descriptors, shared by the threads that use it. Counterpart of <c>struct files_struct</c>;
/// the slots themselves belong to the <see cref="Actor"/>.
/// </summary>
internal sealed class FilesTable(int id)
{
    /// <summary>The out-of-band index of this table, fd to open file; owned by the oob stage.</summary>
    internal OpenFileRef?[] OobIndex = [];

    /// <summary>The watchers of each number of the index; owned by the oob stage.</summary>
    internal PollQuery?[] OobWatchers = [];

    internal int Id { get; } = id;

    /// <summary>How many processes use it; the last one's end closes it. Owned by the in-band stage.</summary>
    internal int Users { get; set; } = 1;

    /// <summary>The fd table; set once, when it is spawned.</summary>
    internal ActorRef Actor { get; set; } = null!; // set by whoever spawns the table, before the identity is passed on
}

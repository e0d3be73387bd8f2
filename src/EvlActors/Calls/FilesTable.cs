using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// The identity of one table of descriptors, shared by the threads that use it. Counterpart of <c>struct files_struct</c>;
/// what is under each number belongs to the <see cref="Actor"/>.
/// </summary>
internal sealed class FilesTable(int id)
{
    /// <summary>The slots; owned by the <see cref="Actor"/>.</summary>
    internal FdSlot[] Slots = new FdSlot[16];

    /// <summary>The out-of-band index of this table, fd to open file; owned by the oob stage.</summary>
    internal OpenFileRef?[] OobIndex = [];

    /// <summary>The watchers of each number of the index; owned by the oob stage.</summary>
    internal PollQuery?[] OobWatchers = [];

    internal int Id { get; } = id;

    /// <summary>
    /// A call that names a number enters: has the file that is there fetched while the call is on its way. Any thread: it reads
    /// what may be changing, and follows nothing that it has read.
    /// </summary>
    internal void BringNear(int fd)
    {
        FdSlot[] slots = Slots;
        if ((uint)fd < (uint)slots.Length)
            slots[fd].BringNear();
    }

    /// <summary>How many processes use it; the last one's end closes it. Owned by the in-band stage.</summary>
    internal int Users { get; set; } = 1;

    /// <summary>The fd table; set once, when it is spawned.</summary>
    internal ActorRef Actor { get; set; } = null!; // set by whoever spawns the table, before the identity is passed on
}

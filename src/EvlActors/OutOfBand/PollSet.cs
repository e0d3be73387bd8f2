using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.OutOfBand;

/// <summary>One poll set, of one open file. Counterpart of <c>struct poll_group</c>.</summary>
internal sealed class PollSet(OpenFileRef file)
{
    internal OpenFileRef File { get; } = file;

    /// <summary>Its descriptors, in the order in which they were added.</summary>
    internal List<PollSetItem> Items { get; } = [];

    /// <summary>Those who sleep in a wait.</summary>
    internal WaitQueue Sleepers { get; } = new();

    internal int IndexOf(int fd) => Items.FindIndex(item => item.Fd == fd);
}

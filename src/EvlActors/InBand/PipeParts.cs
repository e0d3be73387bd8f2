using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>A pipe that is being made: what its call carries.</summary>
internal sealed class PipeParts
{
    internal int ReadFd { get; set; } = -1;

    internal int WriteFd { get; set; } = -1;

    /// <summary>The reading end; null until both numbers are there.</summary>
    internal OpenFileRef? Reader { get; set; }

    internal OpenFileRef? Writer { get; set; }

    /// <summary>Whether the reading end is installed.</summary>
    internal bool IsReaderInstalled { get; set; }

    /// <summary>Why it is not made, once that is known; the first number still has to go back.</summary>
    internal Errno Refused { get; set; }
}

namespace EvlActors.Calls;

/// <summary>
/// Whether a read or write waits, for this call alone: the file's O_NONBLOCK, which its other users share, stays as it is.
/// Counterpart of RWF_NOWAIT and its opposite.
/// </summary>
internal enum TransferMode
{
    /// <summary>As the file's flags say.</summary>
    AsFlagged,

    /// <summary>It waits.</summary>
    Waiting,

    /// <summary>It answers EAGAIN instead of sleeping.</summary>
    NotWaiting,
}

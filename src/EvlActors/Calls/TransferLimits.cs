namespace EvlActors.Calls;

/// <summary>How much one read and one write of a file can be at most. Travels with an F_GETFL of the streams, which fills it.</summary>
internal sealed class TransferLimits
{
    /// <summary>The bytes of one read: the inbound ring of a cross-buffer; 0: there is none.</summary>
    internal int Read { get; set; } = int.MaxValue;

    /// <summary>The bytes of one write: the outbound ring of a cross-buffer; 0: there is none.</summary>
    internal int Write { get; set; } = int.MaxValue;
}

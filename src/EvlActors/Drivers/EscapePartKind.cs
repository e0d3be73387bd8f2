namespace EvlActors.Drivers;

/// <summary>What an <see cref="EscapePart"/> is.</summary>
public enum EscapePartKind
{
    /// <summary>Bytes outside any sequence.</summary>
    Text,
    /// <summary>A whole sequence, known to the driver or not.</summary>
    Sequence,
    /// <summary>The beginning of a sequence, kept until the next write brings the rest: nothing to do.</summary>
    Begun,
    /// <summary>A sequence that was broken off or too long and is dropped: nothing to do.</summary>
    Dropped,
}

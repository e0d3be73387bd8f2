namespace EvlActors.TestKit;

/// <summary>The references of one file, as the event stream tells them.</summary>
internal struct FileReferences
{
    internal long InBand;
    internal long Oob;
    internal bool IsReleasing;
    internal bool HasReleasedOob;
    internal bool IsReleased;
}

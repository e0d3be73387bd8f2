namespace EvlActors.Calls;

/// <summary>Sees the bytes that go through the rings of a machine, in turns of their devices. Slots are reserved in the order of the stream;
/// those of one direction that are under way at a time begin at different places.</summary>
internal interface IRingWatch
{
    /// <summary>A transfer has its slot; it may cross the end of the storage.</summary>
    void Reserved(object ring, int start, int count, int size, bool isWrite);

    /// <summary>A writer has copied; its slot is not committed yet.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="start">Where its slot begins.</param>
    /// <param name="count">How many bytes that is.</param>
    /// <param name="user">What the writer gave; fewer bytes if its memory ends early.</param>
    /// <param name="isWhole">Whether it did not fault.</param>
    void Written(object ring, int start, int count, ReadOnlySpan<byte> user, bool isWhole);

    /// <summary>A reader has copied; its slot is not free yet.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="start">Where its slot begins.</param>
    /// <param name="count">How many bytes that is.</param>
    /// <param name="user">What the reader got.</param>
    /// <param name="isWhole">Whether it did not fault.</param>
    void Read(object ring, int start, int count, ReadOnlySpan<byte> user, bool isWhole);
}

namespace EvlActors;

/// <summary>What the offset of lseek(2) is relative to; the SEEK_* values of Linux.</summary>
public enum Whence
{
    /// <summary>SEEK_SET: the beginning.</summary>
    Set = 0,
    /// <summary>SEEK_CUR: the position.</summary>
    Current = 1,
    /// <summary>SEEK_END: the end.</summary>
    End = 2,
    /// <summary>SEEK_DATA: the first data at or after the offset.</summary>
    Data = 3,
    /// <summary>SEEK_HOLE: the first hole at or after the offset.</summary>
    Hole = 4,
}

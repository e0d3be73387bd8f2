namespace EvlActors.Calls;

/// <summary>What the driver's open said of the file beyond its flags. Counterpart of the bits of <c>f_mode</c>.</summary>
[Flags]
internal enum FileModes
{
    None = 0,

    /// <summary>lseek, pread and pwrite are refused.</summary>
    NonSeekable = 1,

    /// <summary>There is no position at all.</summary>
    Stream = 2,

    /// <summary>O_DIRECT may be set.</summary>
    DirectIo = 4,

    /// <summary>pread and pwrite are refused, lseek is not.</summary>
    NotPositioned = 8,
}

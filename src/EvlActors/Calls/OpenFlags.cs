namespace EvlActors;

/// <summary>Access mode, creation and status flags of an open file; the O_* values of Linux on x86-64.</summary>
[Flags]
public enum OpenFlags
{
    /// <summary>O_RDONLY.</summary>
    ReadOnly = 0,
    /// <summary>O_WRONLY.</summary>
    WriteOnly = 1,
    /// <summary>O_RDWR.</summary>
    ReadWrite = 2,
    /// <summary>O_ACCMODE: the bits of the access mode.</summary>
    AccessMode = 3,
    /// <summary>O_CREAT.</summary>
    Create = 0x40,
    /// <summary>O_EXCL.</summary>
    Exclusive = 0x80,
    /// <summary>O_NOCTTY.</summary>
    NoControllingTerminal = 0x100,
    /// <summary>O_TRUNC.</summary>
    Truncate = 0x200,
    /// <summary>O_APPEND.</summary>
    Append = 0x400,
    /// <summary>O_NONBLOCK.</summary>
    NonBlock = 0x800,
    /// <summary>FASYNC, O_ASYNC.</summary>
    Async = 0x2000,
    /// <summary>O_DIRECT.</summary>
    Direct = 0x4000,
    /// <summary>O_DIRECTORY.</summary>
    Directory = 0x10000,
    /// <summary>O_NOATIME.</summary>
    NoAccessTime = 0x40000,
    /// <summary>O_CLOEXEC.</summary>
    CloseOnExec = 0x80000,
    /// <summary>O_PATH.</summary>
    Path = 0x200000,
    /// <summary>O_OOB: the driver is asked for an oob file.</summary>
    Oob = 0x40000000,
}

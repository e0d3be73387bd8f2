namespace EvlActors;

/// <summary>Which way an ioctl's argument memory is copied, as the application sees it. The two direction bits of a command.</summary>
[Flags]
public enum IoctlDirection
{
    /// <summary>_IOC_NONE: the argument is no pointer, or is not used.</summary>
    None = 0,
    /// <summary>_IOC_WRITE: the application writes, so the driver reads the memory.</summary>
    Write = 1,
    /// <summary>_IOC_READ: the application reads, so the driver fills the memory.</summary>
    Read = 2,
    /// <summary>Both: the driver reads the memory and fills it.</summary>
    ReadWrite = Read | Write,
}

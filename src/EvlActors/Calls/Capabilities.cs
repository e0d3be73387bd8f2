namespace EvlActors;

/// <summary>The capabilities that the machine tests, as bits of a set. The numbers are Linux's.</summary>
[Flags]
public enum Capabilities : ulong
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>CAP_DAC_OVERRIDE.</summary>
    DacOverride = 1ul << 1,
    /// <summary>CAP_KILL.</summary>
    Kill = 1ul << 5,
    /// <summary>CAP_SETGID.</summary>
    SetGid = 1ul << 6,
    /// <summary>CAP_SETUID.</summary>
    SetUid = 1ul << 7,
    /// <summary>CAP_IPC_LOCK.</summary>
    IpcLock = 1ul << 14,
    /// <summary>CAP_SYS_RAWIO.</summary>
    SysRawIo = 1ul << 17,
    /// <summary>CAP_SYS_ADMIN.</summary>
    SysAdmin = 1ul << 21,
    /// <summary>CAP_SYS_NICE.</summary>
    SysNice = 1ul << 23,
    /// <summary>CAP_SYS_RESOURCE.</summary>
    SysResource = 1ul << 24,
    /// <summary>All 41 of Linux.</summary>
    All = (1ul << 41) - 1,
}

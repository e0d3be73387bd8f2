namespace EvlActors;

/// <summary>What a forked process shares with its parent; the CLONE_* values of Linux.</summary>
[Flags]
public enum CloneFlags
{
    /// <summary>Nothing: the table of descriptors is copied.</summary>
    None = 0,
    /// <summary>CLONE_FILES: both use one table; it is closed with its last user.</summary>
    Files = 0x400,
}

namespace EvlActors;

/// <summary>The flags of close_range(2), with the values of Linux.</summary>
[Flags]
public enum CloseRangeFlags
{
    /// <summary>Close them.</summary>
    None = 0,
    /// <summary>CLOSE_RANGE_UNSHARE: give the process a table of its own first.</summary>
    Unshare = 2,
    /// <summary>CLOSE_RANGE_CLOEXEC: mark them close-on-exec instead of closing them.</summary>
    CloseOnExec = 4,
}

namespace EvlActors;

/// <summary>The options of wait4(2), with the values of Linux.</summary>
[Flags]
public enum WaitOptions
{
    /// <summary>None: wait until a child has ended.</summary>
    None = 0,
    /// <summary>WNOHANG: answer 0 instead of waiting.</summary>
    NoHang = 1,
}

namespace EvlActors;

/// <summary>The kind of a mapping; the MAP_* values of Linux.</summary>
[Flags]
public enum MapFlags
{
    /// <summary>MAP_SHARED: what is written reaches the driver's memory.</summary>
    Shared = 1,
    /// <summary>MAP_PRIVATE: a copy, taken when it is mapped.</summary>
    Private = 2,
}

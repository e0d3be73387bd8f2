namespace EvlActors.Monitors;

/// <summary>What an ungated event monitor is. The values are EVL's EVL_EVENT_*; 0, a gated one, is no class of its own here.</summary>
internal enum EventProtocol : byte
{
    /// <summary>A request that does not say it.</summary>
    Any,
    /// <summary>EVL_EVENT_COUNT: a semaphore.</summary>
    Count,
    /// <summary>EVL_EVENT_MASK: a group of flags.</summary>
    Mask,
}

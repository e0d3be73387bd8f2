namespace EvlActors.InBand;

/// <summary>Where a poll waiter is in its call.</summary>
internal enum PollPhase : byte
{
    /// <summary>It has none.</summary>
    Idle,
    /// <summary>Its questions are under way.</summary>
    Scanning,
    /// <summary>Nothing was ready: it waits for a wake-up, the timeout or an interrupt.</summary>
    Asleep,
    /// <summary>It has its result, and gives the files back.</summary>
    Leaving,
}

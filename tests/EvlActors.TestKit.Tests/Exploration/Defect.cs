namespace EvlActors.TestKit.Tests;

/// <summary>What is wrong with a <see cref="LineDevice"/>.</summary>
internal enum Defect
{
    None,

    /// <summary>Release does not wait until the out-of-band calls have left.</summary>
    DismantledEarly,

    /// <summary>Release waits for the out-of-band calls, but does not wake them.</summary>
    SleepersForgotten,

    /// <summary>Other messages can be handled between a reader's test and its sleep.</summary>
    LostWakeUp,
}

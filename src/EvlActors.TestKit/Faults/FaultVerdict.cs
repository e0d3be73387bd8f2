namespace EvlActors.TestKit;

/// <summary>How a run with a fault ended.</summary>
public enum FaultVerdict
{
    /// <summary>The fault was answered, or nobody noticed; nothing is left behind.</summary>
    Fine,

    /// <summary>Something is left when every process has ended, or a descriptor number is lost.</summary>
    Leak,

    /// <summary>The scenario can't end, or the end of the machine had to fail a device that did not let go.</summary>
    Hang,

    /// <summary>An invariant is violated, the machine failed, or the scenario threw something else than a call's errno.</summary>
    Broken,
}

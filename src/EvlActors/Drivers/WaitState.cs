namespace EvlActors.Drivers;

/// <summary>Where a handler is between two of its lines.</summary>
internal enum WaitState : byte
{
    /// <summary>In its code, or awaiting something foreign.</summary>
    Running,
    /// <summary>In a wait queue of its own device, but still running: it may find its condition true and leave again.</summary>
    Prepared,
    /// <summary>Asleep in a wait queue of its own device.</summary>
    Asleep,
    /// <summary>Waiting for the answer of another actor.</summary>
    AwaitingActor,
}

namespace EvlActors.Drivers;

/// <summary>An awaiter that resumes a handler by itself, in a turn of the handler's actor.</summary>
internal interface IActorAwaiter
{
    /// <summary>Keeps the handler until what it waits for has come, then resumes it. Called in the turn that suspends.</summary>
    void Suspend(Resumption handler);
}

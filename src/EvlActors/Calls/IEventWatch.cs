namespace EvlActors.Calls;

/// <summary>
/// Sees what happens in a machine, in the turn that it happens in. It is trusted where a listener is not: it throws nothing and leaves the
/// thread as it found it.
/// </summary>
internal interface IEventWatch
{
    /// <summary>Something happened.</summary>
    /// <param name="happened">The event.</param>
    void Happened(in MachineEvent happened);
}

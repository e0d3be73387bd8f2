namespace EvlActors.TestKit;

/// <summary>Something that holds throughout a run. Belongs to one run.</summary>
public interface IInvariant
{
    /// <summary>What it says, in a few words.</summary>
    string Name { get; }

    /// <summary>Called for each event, in the turn that it happens in; must not call into the machine.</summary>
    /// <param name="happened">The event.</param>
    /// <returns>What is wrong, or null.</returns>
    string? Happened(in MachineEvent happened);

    /// <summary>Called once, when the scenario and its machine have ended without a failure.</summary>
    /// <returns>What is wrong, or null.</returns>
    string? Ended();
}

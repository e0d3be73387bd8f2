namespace EvlActors.TestKit;

/// <summary>Chooses which of several actors takes the next turn.</summary>
internal abstract class Scheduler
{
    /// <summary>The place of the chosen one.</summary>
    /// <param name="ready">Two actors or more, in no particular order.</param>
    internal abstract int Choose(ReadOnlySpan<SimulatedActor> ready);
}

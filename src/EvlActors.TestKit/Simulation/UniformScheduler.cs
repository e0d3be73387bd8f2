namespace EvlActors.TestKit;

/// <summary>Each is as likely as the others.</summary>
internal sealed class UniformScheduler(ulong seed) : Scheduler
{
    private SplitMix _draws = new(seed);

    internal override int Choose(ReadOnlySpan<SimulatedActor> ready) => _draws.Below(ready.Length);
}

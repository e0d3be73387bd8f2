using EvlActors.Actors;
using EvlActors.Engine;

namespace EvlActors.Tests.Engine;

/// <summary>The actor contract where SCHED_FIFO is not asked for: every thread may run every lane.</summary>
public sealed class OrdinaryPriorityEngineContractTests : PriorityEngineContractTests
{
    protected override IActorEngine CreateEngine() => new PriorityEngine(new PriorityEngineOptions { RealTime = false });
}

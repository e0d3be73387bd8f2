using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Where a call goes on when its receiver returns it.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Step">What it is asked to do then.</param>
internal readonly record struct ReturnAddress(ActorRef Actor, CallStep Step);

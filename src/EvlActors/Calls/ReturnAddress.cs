using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Where a call goes on when its receiver returns it.</summary>
internal struct ReturnAddress
{
    /// <summary>The actor.</summary>
    internal ActorRef Actor;

    /// <summary>What it is asked to do then.</summary>
    internal CallStep Step;
}

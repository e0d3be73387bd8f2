using EvlActors.Actors;

namespace EvlActors.Hosting.Health;

/// <summary>Gives a sign of life.</summary>
internal sealed class PulseActor : Actor
{
    protected internal override void Receive(Message message) => ((Pulse)message).Answer(Engine.MonotonicNs);
}

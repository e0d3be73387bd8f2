namespace EvlActors.Akka;

/// <summary>One thing that happened in a machine, as published on the actor system's EventStream.</summary>
/// <remarks>The actors of a machine run side by side, so events of different actors may arrive in another order than that of
/// their <see cref="MachineEvent.Sequence"/>.</remarks>
/// <param name="Machine">The machine's name.</param>
/// <param name="Event">What happened.</param>
public sealed record EvlEvent(string Machine, MachineEvent Event);

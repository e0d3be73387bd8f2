using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>Asks an actor what it is at this moment, for a <see cref="Calls.Survey"/>. Head-ranked.</summary>
internal sealed class Look(Survey survey, OpenFileRef? file) : Message
{
    internal Survey Survey { get; } = survey;

    /// <summary>The file that the oob stage passes it on to.</summary>
    internal OpenFileRef? File { get; } = file;

    /// <summary>The actor has said all: those that it asks itself are asked.</summary>
    internal void End() => Survey.Answered();

    /// <summary>Who is gone says nothing.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason) => End();
}

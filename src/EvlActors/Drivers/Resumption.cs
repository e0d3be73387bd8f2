using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>A message by which a suspended handler goes on, in a turn of the actor that it belongs to.</summary>
internal abstract class Resumption : Message
{
    /// <summary>The actor that the handler belongs to; set when it suspends.</summary>
    internal AsyncActor Owner = null!; // set before the resumption can be told

    /// <summary>Counts the suspensions: a late continuation of an earlier one is ignored.</summary>
    internal int Suspension { get; private protected set; }

    /// <summary>What the suspended handler waits for, if it is to be abandoned with it: another handler, or something foreign.</summary>
    internal Resumption? Awaited;

    /// <summary>Goes on; in a turn of <see cref="Owner"/>.</summary>
    internal abstract void Resume();

    /// <summary>Gives up what it waits for, if anything: it never goes on. In a turn of <see cref="Owner"/>.</summary>
    internal virtual void Abandon()
    {
    }

    /// <summary>Sends the resumption to its actor.</summary>
    internal void Post(Rank rank, Caller? caller)
    {
        Caller = caller;
        Owner.Self.Tell(this, rank);
    }

    /// <summary>Does nothing: a stopped actor's handlers have been ended or abandoned.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}

namespace EvlActors.Actors;

/// <summary>Why a message won't be handled.</summary>
public enum UndeliverableReason
{
    /// <summary>Its receiver had stopped, or stopped with the message still queued.</summary>
    Stopped,

    /// <summary>Its receiver threw an exception, this message or an earlier one being handled, and was stopped.</summary>
    Failed,

    /// <summary>The engine is being disposed of.</summary>
    EngineDisposed,
}

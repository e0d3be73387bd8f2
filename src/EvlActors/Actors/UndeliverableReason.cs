namespace EvlActors.Actors;

/// <summary>Why a message won't be handled.</summary>
public enum UndeliverableReason
{
    /// <summary>Its receiver had stopped, or stopped with the message still queued.</summary>
    Stopped,

    /// <summary>Its receiver threw an exception and was stopped, with the message still queued or sent later. The message whose
    /// handling threw is not given back: it was handled in part, and may have been passed on.</summary>
    Failed,

    /// <summary>The engine is being disposed of.</summary>
    EngineDisposed,
}

namespace EvlActors;

/// <summary>What happened to a file, as the signal that tells it says: the <c>si_code</c> of SIGIO, with the values of Linux.</summary>
public enum PollCode
{
    /// <summary>None: the signal does not say.</summary>
    None = 0,
    /// <summary>POLL_IN: bytes can be read.</summary>
    In = 1,
    /// <summary>POLL_OUT: bytes can be written.</summary>
    Out = 2,
    /// <summary>POLL_MSG: a message can be read.</summary>
    Msg = 3,
    /// <summary>POLL_ERR: an error.</summary>
    Err = 4,
    /// <summary>POLL_PRI: an exceptional condition.</summary>
    Pri = 5,
    /// <summary>POLL_HUP: the other side has gone.</summary>
    Hup = 6,
}

namespace EvlActors;

/// <summary>The state bits of an EVL thread that are visible from outside. The values are EVL's; the mode bits share the word.</summary>
[Flags]
public enum EvlThreadState
{
    /// <summary>Not an EVL thread.</summary>
    None = 0,
    /// <summary>T_PEND: asleep out-of-band.</summary>
    Pend = 0x2,
    /// <summary>T_DELAY: it sleeps until a date.</summary>
    Delay = 0x4,
    /// <summary>T_INBAND: the EVL scheduler never picks it.</summary>
    InBand = 0x80,
    /// <summary>T_WEAK: class WEAK.</summary>
    Weak = 0x2000,
    /// <summary>T_USER: a user thread.</summary>
    User = 0x4000,
    /// <summary>T_WOSS.</summary>
    Woss = EvlThreadMode.Woss,
    /// <summary>T_WOLI.</summary>
    Woli = EvlThreadMode.Woli,
    /// <summary>T_WOSX.</summary>
    Wosx = EvlThreadMode.Wosx,
    /// <summary>T_HMSIG.</summary>
    HmSig = EvlThreadMode.HmSig,
    /// <summary>T_WOSO.</summary>
    Woso = EvlThreadMode.Woso,
}

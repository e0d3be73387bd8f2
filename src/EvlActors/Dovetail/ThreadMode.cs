namespace EvlActors.Dovetail;

/// <summary>The mode bits of an EVL thread, and how they depend on each other.</summary>
internal sealed class ThreadMode
{
    private const EvlThreadMode Warnings = EvlThreadMode.Woss | EvlThreadMode.Woli | EvlThreadMode.Wosx | EvlThreadMode.Woso;
    private const EvlThreadMode Means = EvlThreadMode.HmSig | EvlThreadMode.HmObs;

    internal EvlThreadMode Bits { get; private set; }

    /// <summary>Whether a switch in-band is notified by SIGDEBUG.</summary>
    internal bool NotifiesSwitches => (Bits & (EvlThreadMode.Woss | EvlThreadMode.HmSig)) == (EvlThreadMode.Woss | EvlThreadMode.HmSig);

    /// <summary>Whether a wait for the in-band stage is notified by SIGDEBUG.</summary>
    internal bool NotifiesStageExclusion => (Bits & (EvlThreadMode.Wosx | EvlThreadMode.HmSig)) == (EvlThreadMode.Wosx | EvlThreadMode.HmSig);

    /// <summary>Sets bits; warnings without a means of telling choose SIGDEBUG.</summary>
    /// <returns>The old bits; EINVAL for unknown ones and for HMOBS, as no thread is observable.</returns>
    internal SysResult Set(EvlThreadMode mask)
    {
        if ((mask & ~(Warnings | EvlThreadMode.HmSig)) != 0)
            return Errno.EINVAL;
        EvlThreadMode old = Bits;
        Bits |= mask;
        if ((Bits & Warnings) != 0 && (Bits & Means) == 0)
            Bits |= EvlThreadMode.HmSig;
        return (long)old;
    }

    /// <summary>Clears bits; the last warning takes the means with it, the last means the warnings.</summary>
    /// <returns>The old bits; EINVAL for unknown ones.</returns>
    internal SysResult Clear(EvlThreadMode mask)
    {
        if ((mask & ~(Warnings | Means)) != 0)
            return Errno.EINVAL;
        EvlThreadMode old = Bits;
        Bits &= ~mask;
        if ((Bits & Warnings) == 0)
            Bits &= ~Means;
        else if ((Bits & Means) == 0)
            Bits &= ~Warnings;
        return (long)old;
    }
}

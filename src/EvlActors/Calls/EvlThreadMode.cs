namespace EvlActors;

/// <summary>The mode bits of an EVL thread: what it is warned of, and how. The values are EVL's (uapi/evl/thread-abi.h).</summary>
[Flags]
public enum EvlThreadMode
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>T_WOSS: warn on stage switch, when something sends it in-band.</summary>
    Woss = 0x8000,
    /// <summary>T_WOLI: warn on locking inconsistency.</summary>
    Woli = 0x10000,
    /// <summary>T_WOSX: warn on stage exclusion.</summary>
    Wosx = 0x20000,
    /// <summary>T_HMSIG: warnings are SIGDEBUG.</summary>
    HmSig = 0x100000,
    /// <summary>T_HMOBS: warnings go to the thread's observable; no thread here has one.</summary>
    HmObs = 0x200000,
    /// <summary>T_WOSO: warn on schedule overrun.</summary>
    Woso = 0x400000,
}

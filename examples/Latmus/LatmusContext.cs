namespace Latmus;

/// <summary>Who answers the timer. The numbers are those of EVL_LAT_*, on the wire in <see cref="LatmusSetup"/>.</summary>
internal enum LatmusContext : uint
{
    /// <summary>The timer's handler stamps itself (-i).</summary>
    Irq = 0,

    /// <summary>A kernel thread that the handler wakes (-k).</summary>
    Kern = 1,

    /// <summary>A user thread asleep in PULSE (-u).</summary>
    User = 2,

    /// <summary>A synthetic interrupt (-s); it can be measured, not tuned.</summary>
    Sirq = 3,
}

namespace EvlActors.Actors;

/// <summary>
/// The urgency of a message, fixed by its sender. An actor handles the highest rank first and, within a rank, in order of
/// arrival. From the highest: <see cref="Head"/>, <see cref="Oob"/> by priority 99 to 0, <see cref="InBand"/>.
/// </summary>
public readonly record struct Rank : IComparable<Rank>
{
    /// <summary>How many levels there are: one head level, 100 oob priorities, one in-band level.</summary>
    public const int Levels = 102;

    /// <summary>The highest priority of an oob message, as of SCHED_FIFO.</summary>
    public const int MaxOobPriority = 99;

    private Rank(int level) => Level = (byte)level;

    /// <summary>The level, 0 (<see cref="Head"/>, handled first) to 101 (<see cref="InBand"/>, handled last).</summary>
    public byte Level { get; }

    /// <summary>fd hooks, taking a reference, interrupts, timer expiry.</summary>
    public static Rank Head => new(0);

    /// <summary>In-band calls, their answers and resumptions, dropping an in-band reference, release.</summary>
    public static Rank InBand => new(Levels - 1);

    /// <summary>Oob calls, their answers, the resumptions of their handlers, kernel threads.</summary>
    /// <param name="priority">The thread's priority, 0 to 99; 99 is handled first.</param>
    /// <returns>The rank of that priority.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The priority is outside 0 to 99.</exception>
    public static Rank Oob(int priority)
    {
        if ((uint)priority > MaxOobPriority)
            Refuse(priority);
        return new(1 + MaxOobPriority - priority);
    }

    /// <summary>The priority of an oob rank, 99 to 0; 0 of the in-band rank.</summary>
    internal int OobPriority => Math.Clamp(1 + MaxOobPriority - Level, 0, MaxOobPriority);

    /// <summary>Compares levels: less than zero when this rank is handled before <paramref name="other"/>.</summary>
    /// <param name="other">The rank to compare with.</param>
    /// <returns>Negative, zero or positive.</returns>
    public int CompareTo(Rank other) => Level.CompareTo(other.Level);

    /// <summary>Whether <paramref name="left"/> is handled before <paramref name="right"/>.</summary>
    public static bool operator <(Rank left, Rank right) => left.Level < right.Level;

    /// <summary>Whether <paramref name="left"/> is handled after <paramref name="right"/>.</summary>
    public static bool operator >(Rank left, Rank right) => left.Level > right.Level;

    /// <summary>Whether <paramref name="left"/> is handled no later than <paramref name="right"/>.</summary>
    public static bool operator <=(Rank left, Rank right) => left.Level <= right.Level;

    /// <summary>Whether <paramref name="left"/> is handled no earlier than <paramref name="right"/>.</summary>
    public static bool operator >=(Rank left, Rank right) => left.Level >= right.Level;

    // On its own, so that a rank costs its callers an addition.
    private static void Refuse(int priority) =>
        throw new ArgumentOutOfRangeException(nameof(priority), priority, "An oob priority is 0 to 99.");

    /// <summary>"head", "oob 98" or "in-band".</summary>
    /// <returns>The rank's name.</returns>
    public override string ToString() => Level switch
    {
        0 => "head",
        Levels - 1 => "in-band",
        _ => $"oob {1 + MaxOobPriority - Level}",
    };
}

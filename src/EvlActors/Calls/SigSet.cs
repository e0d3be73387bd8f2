using EvlActors.Calls;

namespace EvlActors;

/// <summary>A set of signals. Counterpart of <c>sigset_t</c>.</summary>
/// <param name="Bits">Signal n is bit n - 1.</param>
public readonly record struct SigSet(ulong Bits)
{
    /// <summary>No signal.</summary>
    public static SigSet Empty => default;

    /// <summary>Every signal.</summary>
    public static SigSet Full => new(ulong.MaxValue);

    /// <summary>Makes a set.</summary>
    /// <param name="signals">Its members.</param>
    /// <returns>The set.</returns>
    /// <exception cref="ArgumentOutOfRangeException">One of them is no signal.</exception>
    public static SigSet Of(params ReadOnlySpan<Signal> signals)
    {
        ulong bits = 0;
        foreach (Signal signal in signals)
        {
            if (!signal.IsValid())
                throw new ArgumentOutOfRangeException(nameof(signals), signal, "A signal is 1 to 31 or 34 to 64.");
            bits |= signal.Bit();
        }
        return new SigSet(bits);
    }

    /// <summary>Whether a signal is in the set.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns>True if it is.</returns>
    public bool Contains(Signal signal) => signal.IsValid() && (Bits & signal.Bit()) != 0;
}

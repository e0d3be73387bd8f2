namespace Latmus;

/// <summary>
/// How much earlier than asked for the driver's timers shoot, in ns, so that who responds runs on time: one value for each kind
/// of context. Counterpart of the gravity of EVL's clock.
/// </summary>
internal sealed class ClockGravity
{
    private readonly int[] _values = new int[3];

    /// <summary>The gravity of a context; a synthetic interrupt has that of an interrupt.</summary>
    public int this[LatmusContext context]
    {
        get => _values[Index(context)];
        set => _values[Index(context)] = value;
    }

    /// <summary>Back to none.</summary>
    public void Reset() => Array.Clear(_values);

    private static int Index(LatmusContext context) => context switch
    {
        LatmusContext.Kern => 1,
        LatmusContext.User => 2,
        _ => 0,
    };
}

namespace EvlActors;

/// <summary>
/// The number of a device node: which driver (major) and which of its devices (minor). Counterpart of <c>dev_t</c>. A driver finds
/// it in <see cref="Drivers.EvlFile.Number"/>.
/// </summary>
public readonly record struct DeviceNumber
{
    /// <summary>The largest major number.</summary>
    public const int MaxMajor = (1 << 12) - 1;

    /// <summary>The largest minor number.</summary>
    public const int MaxMinor = (1 << MinorBits) - 1;

    private const int MinorBits = 20;

    /// <summary>A number of its parts. <c>MKDEV</c>.</summary>
    /// <param name="major">Which driver, 0 to <see cref="MaxMajor"/>.</param>
    /// <param name="minor">Which of its devices, 0 to <see cref="MaxMinor"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part is out of its range.</exception>
    public DeviceNumber(int major, int minor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(major);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(major, MaxMajor);
        ArgumentOutOfRangeException.ThrowIfNegative(minor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minor, MaxMinor);
        Value = (uint)major << MinorBits | (uint)minor;
    }

    /// <summary>The parts in one word, as the kernel keeps it; 0: a node without number.</summary>
    public uint Value { get; }

    /// <summary>Which driver. <c>MAJOR</c>, <c>imajor</c>.</summary>
    public int Major => (int)(Value >> MinorBits);

    /// <summary>Which of its devices. <c>MINOR</c>, <c>iminor</c>.</summary>
    public int Minor => (int)Value & MaxMinor;

    /// <summary>The number of the device some places after this one.</summary>
    /// <param name="places">How many.</param>
    /// <returns>The number, of the same major.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such minors.</exception>
    public DeviceNumber Plus(int places) => new(Major, checked(Minor + places));

    /// <summary>Both parts.</summary>
    /// <returns>For example "254:0".</returns>
    public override string ToString() => $"{Major}:{Minor}";
}

namespace SenseHat;

/// <summary>A pixel as the matrix's memory has it: 5 bits of red, 6 of green, 5 of blue, low byte first.</summary>
internal readonly record struct Rgb565(ushort Value)
{
    /// <summary>The bytes of one pixel.</summary>
    public const int Size = sizeof(ushort);

    /// <summary>Red, 0 to 31.</summary>
    public int Red => Value >> 11;

    /// <summary>Green, 0 to 31: LEDs have no use for the sixth bit.</summary>
    public int Green => (Value >> 6) & 31;

    /// <summary>Blue, 0 to 31.</summary>
    public int Blue => Value & 31;

    /// <summary>The nearest pixel of a colour of 8 bits each.</summary>
    public static Rgb565 Of(byte red, byte green, byte blue) => new((ushort)((red >> 3) << 11 | (green >> 2) << 5 | blue >> 3));
}

using System.Runtime.CompilerServices;

namespace SenseHat;

/// <summary>Which level a LED is driven at for each of a pixel's 32 values; the argument of two commands, 32 bytes.</summary>
[InlineArray(Size)]
internal struct GammaTable
{
    /// <summary>Its entries.</summary>
    public const int Size = 32;

    private byte _first;

    /// <summary>As bright as the LEDs get; the square makes even steps of it for the eye.</summary>
    public static GammaTable Default => Make(value => (value * value + 15) / 31);

    /// <summary>For dark rooms: a third of it, and what is not black stays visible.</summary>
    public static GammaTable LowLight => Make(value => Math.Max(Math.Min(value, 1), value * value / 93));

    /// <summary>Whether every entry is a level.</summary>
    public readonly bool IsValid
    {
        get
        {
            foreach (byte level in this)
            {
                if (level > Led.MaxLevel)
                    return false;
            }
            return true;
        }
    }

    private static GammaTable Make(Func<int, int> level)
    {
        GammaTable table = default;
        for (int value = 0; value < Size; value++)
            table[value] = (byte)level(value);
        return table;
    }
}

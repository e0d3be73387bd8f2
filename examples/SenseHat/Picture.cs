using System.Buffers.Binary;

namespace SenseHat;

/// <summary>The memory of the matrix: the pixels row by row from its beginning, and how they come to the LEDs.</summary>
/// <param name="bytes">The size of the memory, in bytes; more than the pixels take is unused.</param>
internal sealed class Picture(int bytes)
{
    /// <summary>Rows and columns.</summary>
    public const int Side = 8;

    /// <summary>The pixels.</summary>
    public const int Pixels = Side * Side;

    /// <summary>The bytes of all pixels.</summary>
    public const int Bytes = Pixels * Rgb565.Size;

    private readonly byte[] _memory = new byte[bytes];

    /// <summary>All of the memory; who has mapped it writes to it at any time.</summary>
    public Memory<byte> Memory => _memory;

    /// <summary>By how much the picture is turned clockwise on the LEDs: 0, 90, 180 or 270 degrees.</summary>
    public int Rotation { get; set; }

    /// <summary>How bright the values are.</summary>
    public GammaTable Gamma { get; set; } = GammaTable.Default;

    /// <summary>The pixel of a column and a row, which count from 0.</summary>
    public Rgb565 this[int x, int y]
    {
        get => new(BinaryPrimitives.ReadUInt16LittleEndian(_memory.AsSpan(OffsetOf(x, y))));
        set => BinaryPrimitives.WriteUInt16LittleEndian(_memory.AsSpan(OffsetOf(x, y)), value.Value);
    }

    /// <summary>Whether the matrix can be turned by so many degrees.</summary>
    public static bool IsRotation(int degrees) => degrees is 0 or 90 or 180 or 270;

    /// <summary>Makes every pixel black.</summary>
    public void Clear() => _memory.AsSpan(0, Bytes).Clear();

    /// <summary>What each LED shows, row by row.</summary>
    public void Render(Span<Led> leds)
    {
        GammaTable gamma = Gamma;
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                Rgb565 pixel = At(x, y);
                leds[(y * Side) + x] = new Led(gamma[pixel.Red], gamma[pixel.Green], gamma[pixel.Blue]);
            }
        }
    }

    private static int OffsetOf(int x, int y) => ((y * Side) + x) * Rgb565.Size;

    // The pixel that a LED shows.
    private Rgb565 At(int x, int y)
    {
        const int Last = Side - 1;
        return Rotation switch
        {
            90 => this[y, Last - x],
            180 => this[Last - x, Last - y],
            270 => this[Last - y, x],
            _ => this[x, y],
        };
    }
}

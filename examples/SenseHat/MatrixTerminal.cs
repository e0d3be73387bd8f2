using EvlActors.Drivers;

namespace SenseHat;

/// <summary>
/// One open terminal of the matrix: each character lights one pixel in the current colour, a space darkens it; the cursor, the colour
/// and a sequence that has begun are its own, so that two writers don't disturb each other.
/// </summary>
/// <remarks>
/// Line feed begins the next row, carriage return the same one; behind the last pixel the cursor is at the first again. ESC [ row ;
/// column H moves it, counted from 1; ESC [ 2 J makes all dark; ESC [ 30 m to 37 m, and 38 ; 2 ; red ; green ; blue m, choose a
/// colour, 0 m white; ESC [ degrees r turns the picture; ESC c starts afresh. Other sequences and values are ignored.
/// </remarks>
internal sealed class MatrixTerminal(Picture picture)
{
    private static readonly Rgb565 s_white = Rgb565.Of(255, 255, 255);

    private readonly EscapeSequenceParser _parser = new();
    private Rgb565 _colour = s_white;
    private int _x;
    private int _y;

    /// <summary>Shows text, carries sequences out; the beginning of one is kept for the next write.</summary>
    public void Write(ReadOnlySpan<byte> written)
    {
        for (ReadOnlySpan<byte> rest = written; !rest.IsEmpty;)
        {
            EscapePart part = _parser.Next(rest);
            if (part.Kind == EscapePartKind.Text)
                Show(part.Bytes);
            else if (part.Kind == EscapePartKind.Sequence)
                CarryOut(part);
            rest = rest[part.Consumed..];
        }
    }

    private void Show(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            if (character == (byte)'\n')
                MoveTo(0, _y + 1);
            else if (character == (byte)'\r')
                _x = 0;
            else if (character >= (byte)' ')
                Put(character == (byte)' ' ? default : _colour);
        }
    }

    private void Put(Rgb565 pixel)
    {
        picture[_x, _y] = pixel;
        MoveTo(_x + 1, _y);
    }

    private void MoveTo(int x, int y)
    {
        _x = x % Picture.Side;
        _y = (y + (x / Picture.Side)) % Picture.Side;
    }

    private void CarryOut(EscapePart sequence)
    {
        switch (sequence.IsControl, sequence.Command)
        {
            case (true, 'H'):
                _x = Math.Clamp(sequence.Parameter(1, 1), 1, Picture.Side) - 1;
                _y = Math.Clamp(sequence.Parameter(0, 1), 1, Picture.Side) - 1;
                break;
            case (true, 'J') when sequence.Parameter(0) == 2:
                picture.Clear();
                break;
            case (true, 'm'):
                Choose(sequence);
                break;
            case (true, 'r') when Picture.IsRotation(sequence.Parameter(0)):
                picture.Rotation = sequence.Parameter(0);
                break;
            case (false, 'c'):
                picture.Clear();
                picture.Rotation = 0;
                _colour = s_white;
                (_x, _y) = (0, 0);
                break;
        }
    }

    private void Choose(EscapePart sequence)
    {
        switch (sequence.Parameter(0))
        {
            case 0:
                _colour = s_white;
                break;
            case >= 30 and <= 37 and var colour:
                int bits = colour - 30; // red 1, green 2, blue 4
                _colour = Rgb565.Of(Full(bits & 1), Full(bits & 2), Full(bits & 4));
                break;
            case 38 when sequence.Parameter(1) == 2:
                _colour = Rgb565.Of(Byte(sequence.Parameter(2)), Byte(sequence.Parameter(3)), Byte(sequence.Parameter(4)));
                break;
        }
    }

    private static byte Full(int bit) => bit == 0 ? byte.MinValue : byte.MaxValue;

    private static byte Byte(int parameter) => (byte)Math.Min(parameter, byte.MaxValue);
}

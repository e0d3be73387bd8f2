namespace EvlActors.Drivers;

/// <summary>A part of what was written: text, or a sequence. Valid until the parser is asked for the next.</summary>
public readonly ref struct EscapePart
{
    internal EscapePart(EscapePartKind kind, ReadOnlySpan<byte> bytes, int consumed)
    {
        Kind = kind;
        Bytes = bytes;
        Consumed = consumed;
    }

    /// <summary>What it is.</summary>
    public EscapePartKind Kind { get; }

    /// <summary>The text; or the sequence from ESC to its last byte, whatever writes it came in.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>How many of the bytes that were passed it takes.</summary>
    public int Consumed { get; }

    /// <summary>What tells sequences apart: the byte that ends one; 0 for other parts.</summary>
    public char Command => Kind == EscapePartKind.Sequence ? (char)Bytes[^1] : '\0';

    /// <summary>Whether it is a control sequence, ESC [ ..., which has parameters, rather than ESC and one byte.</summary>
    public bool IsControl => Kind == EscapePartKind.Sequence && Bytes.Length > 2 && Bytes[1] == (byte)'[';

    /// <summary>One of the decimal parameters, which are separated by semicolons.</summary>
    /// <param name="index">Which, from 0.</param>
    /// <param name="absent">What it is if it was left out or is no number; 0 by default.</param>
    /// <returns>The parameter; at most <see cref="int.MaxValue"/>.</returns>
    public int Parameter(int index, int absent = 0)
    {
        if (!IsControl)
            return absent;
        ReadOnlySpan<byte> rest = Bytes[2..^1];
        int intermediates = rest.IndexOfAnyInRange((byte)0x20, (byte)0x2f);
        if (intermediates >= 0)
            rest = rest[..intermediates];
        for (; index > 0; index--)
        {
            int separator = rest.IndexOf((byte)';');
            if (separator < 0)
                return absent;
            rest = rest[(separator + 1)..];
        }
        int end = rest.IndexOf((byte)';');
        ReadOnlySpan<byte> digits = end < 0 ? rest : rest[..end];
        long value = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return absent;
            value = Math.Min(value * 10 + digit - '0', int.MaxValue);
        }
        return digits.IsEmpty ? absent : (int)value;
    }
}

namespace EvlActors.Drivers;

/// <summary>
/// Control by writing: finds the escape sequences in what is written to a device, as terminals do. An application then needs no
/// ioctl, only <c>echo</c>; in exchange, text that happens to look like a sequence is none any more, and nothing can be answered.
/// </summary>
/// <remarks>
/// A sequence is ESC [ with parameters (0x30 to 0x3f), intermediates (0x20 to 0x2f) and a final byte (0x40 to 0x7e), or ESC and
/// one byte of 0x30 to 0x7e. The rules:
/// <list type="bullet">
/// <item>Text and sequences may be mixed in one write; they come out in their order, text in runs.</item>
/// <item>A sequence may be split over any number of writes: its beginning is kept, and it comes out when its last byte is written.
/// Keep one parser per open file, so that two writers don't complete each other's sequences.</item>
/// <item>A sequence that the driver does not know is a <see cref="EscapePartKind.Sequence"/> like any other: ignore it. It
/// is not text, and an error would not tell which of many was meant.</item>
/// <item>A byte that can't go on a sequence ends it: what came before is dropped, and the byte is looked at afresh, as text or as
/// another ESC. So is a sequence that grows longer than the limit.</item>
/// <item>Every byte taken counts as written: text, sequences, dropped ones, and the beginning of one that is not complete. So write
/// returns what it took of the text and sequences together, and a driver that has no room for all of a text stops there.</item>
/// </list>
/// </remarks>
/// <example>
/// <code>
/// for (ReadOnlySpan&lt;byte&gt; rest = written; !rest.IsEmpty;)
/// {
///     EscapePart part = parser.Next(rest);
///     if (part.Kind == EscapePartKind.Text)
///         Show(part.Bytes);
///     else if (part.Command == 'm')
///         SetColour(part.Parameter(0));
///     rest = rest[part.Consumed..];
/// }
/// </code>
/// </example>
public sealed class EscapeSequenceParser
{
    private const byte Escape = 0x1b;

    private readonly byte[] _begun;
    private int _length;

    /// <summary>Makes a parser that is outside any sequence.</summary>
    /// <param name="maxLength">The longest sequence, ESC included, in bytes; 32 by default, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The longest sequence is shorter than 2.</exception>
    public EscapeSequenceParser(int maxLength = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 2);
        _begun = new byte[maxLength];
    }

    /// <summary>Whether a sequence has begun and its end has not been written yet.</summary>
    public bool IsInSequence => _length > 0;

    /// <summary>Takes the first part of what was written; ask again with the rest, until there is none. Never blocks.</summary>
    /// <param name="written">What was written and not taken yet; not empty.</param>
    /// <returns>The part; it takes at least one byte, unless one was <see cref="EscapePartKind.Dropped"/>.</returns>
    /// <exception cref="ArgumentException">Nothing was passed.</exception>
    public EscapePart Next(ReadOnlySpan<byte> written)
    {
        if (written.IsEmpty)
            throw new ArgumentException("There is nothing to take a part of: ask while bytes are left.", nameof(written));
        if (_length == 0)
        {
            int text = written.IndexOf(Escape);
            if (text != 0)
                return new EscapePart(EscapePartKind.Text, text < 0 ? written : written[..text], text < 0 ? written.Length : text);
        }
        for (int i = 0; i < written.Length; i++)
        {
            byte next = written[i];
            bool isEnd = false;
            if (_length == _begun.Length || !GoesOn(next, out isEnd))
            {
                _length = 0;
                return new EscapePart(EscapePartKind.Dropped, default, i);
            }
            _begun[_length++] = next;
            if (isEnd)
            {
                int length = _length;
                _length = 0;
                return new EscapePart(EscapePartKind.Sequence, _begun.AsSpan(0, length), i + 1);
            }
        }
        return new EscapePart(EscapePartKind.Begun, default, written.Length);
    }

    /// <summary>Forgets a sequence that has begun, as a reset of the device does.</summary>
    public void Reset() => _length = 0;

    private bool GoesOn(byte next, out bool isEnd)
    {
        isEnd = false;
        switch (_length)
        {
            case 0:
                return next == Escape;
            case 1:
                isEnd = next != (byte)'[';
                return next is >= 0x30 and <= 0x7e;
            default:
                isEnd = next is >= 0x40 and <= 0x7e;
                // Parameters come before intermediates.
                return isEnd || (next is >= 0x20 and <= 0x3f && !(next >= 0x30 && _begun[_length - 1] is >= 0x20 and <= 0x2f));
        }
    }
}

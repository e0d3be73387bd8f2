using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>Shows text in a colour: the text is written, and so is the colour, as a sequence. It holds little.</summary>
internal sealed class LampDevice : CharDevice
{
    internal const int Room = 8;

    internal string Shown { get; private set; } = "";

    internal int Colour { get; private set; }

    internal int Unknown { get; private set; }

    protected internal override IoTask Open(IoCall call)
    {
        call.File.PrivateData = new EscapeSequenceParser();
        return SysResult.Ok();
    }

    protected internal override async IoTask Write(IoCall call)
    {
        byte[] written = new byte[call.Count];
        if (await call.CopyFromUser(written) != 0)
            return Errno.EFAULT;
        return Take((EscapeSequenceParser)call.File.PrivateData!, written); // open put it there
    }

    private SysResult Take(EscapeSequenceParser parser, ReadOnlySpan<byte> written)
    {
        int taken = 0;
        while (taken < written.Length)
        {
            EscapePart part = parser.Next(written[taken..]);
            if (part.Kind == EscapePartKind.Text)
            {
                int length = Math.Min(part.Bytes.Length, Room - Shown.Length);
                foreach (byte letter in part.Bytes[..length])
                    Shown += (char)letter;
                taken += length;
                if (length < part.Bytes.Length)
                    return taken == 0 ? Errno.ENOSPC : taken;
                continue;
            }
            taken += part.Consumed;
            if (part.Kind == EscapePartKind.Sequence)
                Obey(part);
        }
        return taken;
    }

    private void Obey(EscapePart part)
    {
        switch (part.Command)
        {
            case 'm':
                Colour = part.Parameter(0);
                break;
            case 'c' when !part.IsControl:
                Shown = "";
                break;
            default:
                Unknown++;
                break;
        }
    }
}

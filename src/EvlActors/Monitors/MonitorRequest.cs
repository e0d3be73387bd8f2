namespace EvlActors.Monitors;

/// <summary>
/// What a request carries beside its command, packed into the argument of an ioctl so that a call allocates nothing: the bits,
/// and which class its caller takes the element for. Counterpart of <c>struct evl_monitor_waitreq</c>.
/// </summary>
internal readonly struct MonitorRequest(long argument)
{
    private const int ProtocolShift = 32;

    internal MonitorRequest(EventProtocol protocol, int bits = 0)
        : this(((long)protocol << ProtocolShift) | (uint)bits)
    {
    }

    internal long Argument { get; } = argument;

    internal int Bits => (int)Argument;

    /// <summary>A program that makes the request by itself does not say it.</summary>
    internal EventProtocol Protocol => (EventProtocol)(Argument >> ProtocolShift);

    /// <summary>A date as it travels: 0 for ever, negative for one that is none.</summary>
    internal static long DateOf(EvlTimespec date) => !date.IsValid ? -1 : date == default ? 0 : Math.Max(1, date.Ns);
}

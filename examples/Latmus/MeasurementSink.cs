using EvlActors;
using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace Latmus;

/// <summary>
/// Where a run's measurements go: the cross-buffer, whose reference it owns. It is put by <see cref="Close"/>, or by the write
/// that is still under way then.
/// </summary>
internal sealed class MeasurementSink(XbufReference xbuf)
{
    private readonly byte[] _message = new byte[Measurement.Size];
    private bool _isSending;
    private bool _isClosed;

    /// <summary>Sends one without blocking; it is dropped if there is no room, or the last one is still on its way.</summary>
    public async IoTask Send(IoContext context, Measurement measurement)
    {
        if (_isSending || _isClosed)
            return 0;
        _isSending = true;
        measurement.Write(_message);
        await xbuf.Write(context, _message, OpenFlags.NonBlock);
        _isSending = false;
        if (_isClosed)
            xbuf.Put();
        return 0;
    }

    /// <summary>Takes nothing any more.</summary>
    public void Close()
    {
        _isClosed = true;
        if (!_isSending)
            xbuf.Put();
    }
}

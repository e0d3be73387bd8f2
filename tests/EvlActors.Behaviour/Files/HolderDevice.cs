using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace EvlActors.Behaviour;

/// <summary>A driver that holds other drivers' files: evl_get_file and evl_get_xbuf, for as long as the test says.</summary>
internal sealed class HolderDevice : CharDevice
{
    /// <summary>Takes a reference on the descriptor in the argument and keeps it.</summary>
    internal const uint Get = 1;

    /// <summary>Puts what is kept; EBADFD if that throws.</summary>
    internal const uint Put = 2;

    /// <summary>Disposes of what is kept.</summary>
    internal const uint Dispose = 3;

    /// <summary>Takes a cross-buffer by the descriptor in the argument and keeps it.</summary>
    internal const uint GetXbuf = 4;

    /// <summary>Takes a reference and sleeps with it, in the handler.</summary>
    internal const uint HoldAsleep = 5;

    /// <summary>Wakes who holds a reference asleep.</summary>
    internal const uint Wake = 6;

    /// <summary>Takes a reference and puts it at once.</summary>
    internal const uint Glance = 7;

    private readonly WaitQueue _asleep = new();
    private EvlFileReference? _file;
    private XbufReference? _xbuf;

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override IoTask Ioctl(IoCall call) => Do(call);

    protected internal override IoTask OobIoctl(IoCall call) => Do(call);

    private async IoTask Do(IoCall call)
    {
        switch (call.Command)
        {
            case Get:
                _file = await call.GetFile((int)call.Argument);
                return _file is null ? Errno.EBADF : 0;
            case GetXbuf:
                _xbuf = await XbufReference.Get(call, (int)call.Argument);
                return _xbuf is null ? Errno.EBADF : 0;
            case Put:
                try
                {
                    _file?.Put();
                    _xbuf?.Put();
                    return 0;
                }
                catch (InvalidOperationException)
                {
                    return Errno.EBADFD;
                }
            case Dispose:
                _file?.Dispose();
                _xbuf?.Dispose();
                return 0;
            case HoldAsleep:
                using (EvlFileReference? file = await call.GetFile((int)call.Argument))
                    return file is null ? Errno.EBADF : await _asleep.Wait(call);
            case Glance:
                using (EvlFileReference? file = await call.GetFile((int)call.Argument))
                    return file is null ? Errno.EBADF : 0;
            case Wake:
                _asleep.WakeAll();
                return 0;
            default:
                return Errno.ENOTTY;
        }
    }
}

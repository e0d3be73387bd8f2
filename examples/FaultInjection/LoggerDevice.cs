using EvlActors;
using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace FaultInjection;

/// <summary>
/// A logger: records are written in-band, and an out-of-band thread has them forwarded to a cross-buffer. The records live from
/// open to release; how release takes them away is what the two versions differ in.
/// </summary>
internal abstract class LoggerDevice : CharDevice
{
    internal const string Path = "/dev/logger";

    /// <summary>oob_ioctl: the oldest record goes to the cross-buffer whose descriptor is the argument.</summary>
    internal const uint Forward = 1;

    private readonly WaitQueue _forwarders = new();
    private readonly byte[] _record = new byte[1];
    private Queue<byte>? _records;

    protected override IoTask Open(IoCall call)
    {
        if (_records is not null)
            return SysResult.Error(Errno.EBUSY);
        if (call.ShouldFail(FaultPoint.Allocation))
            return SysResult.Error(Errno.ENOMEM);
        _records = new Queue<byte>();
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected override async IoTask Write(IoCall call)
    {
        if (call.Count != 1)
            return Errno.EINVAL;
        if (await call.CopyFromUser(_record) != 0)
            return Errno.EFAULT;
        _records!.Enqueue(_record[0]);          // the call holds the file, so it is open
        _forwarders.WakeOne();
        return 1;
    }

    protected override async IoTask OobIoctl(IoCall call)
    {
        if (call.Command != Forward)
            return Errno.ENOTTY;
        // Others run while the descriptor is looked up: writers, and the release of this very file.
        using XbufReference? xbuf = await XbufReference.Get(call, (int)call.Argument);
        if (xbuf is null)
            return Errno.EBADF;
        while (_records!.Count == 0)
        {
            if (await _forwarders.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        return await xbuf.Write(call, new[] { _records.Dequeue() }, OpenFlags.NonBlock);
    }

    protected void WakeForwarders() => _forwarders.Flush();

    protected void FreeRecords() => _records = null;
}

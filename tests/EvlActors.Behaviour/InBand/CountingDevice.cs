using EvlActors.Drivers;

namespace EvlActors.Behaviour.InBand;

/// <summary>
/// A driver with every handler but poll, that writes down each and answers at once; its files are oob unless it is told
/// otherwise. Its ioctl knows no command; command 7 returns 7.
/// </summary>
public sealed class CountingDevice(Log log, bool isOob = true) : CharDevice
{
    private readonly FasyncList _async = new();

    /// <summary>What flush answers.</summary>
    public SysResult FlushResult { get; init; }

    /// <summary>What fasync answers instead of following the call, if it is an error.</summary>
    public SysResult FasyncResult { get; init; }

    /// <summary>What open answers.</summary>
    public SysResult OpenResult { get; init; }

    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        log.Add("open");
        if (isOob)
            call.File.OpenOob();
        return OpenResult;
    }

    /// <inheritdoc/>
    protected internal override IoTask Flush(IoCall call)
    {
        log.Add("flush");
        return FlushResult;
    }

    /// <inheritdoc/>
    protected internal override async IoTask Release(IoCall call)
    {
        log.Add("release");
        await call.File.ReleaseOob();
        return 0;
    }

    /// <inheritdoc/>
    protected internal override IoTask Read(IoCall call)
    {
        log.Add($"read {call.Count}");
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override IoTask Write(IoCall call)
    {
        log.Add($"write {call.Count}");
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override IoTask Ioctl(IoCall call) => Known(call, "ioctl");

    /// <inheritdoc/>
    protected internal override IoTask CompatIoctl(IoCall call) => Known(call, "compat_ioctl");

    /// <inheritdoc/>
    protected internal override IoTask OobIoctl(IoCall call) => Known(call, "oob_ioctl");

    /// <inheritdoc/>
    protected internal override IoTask CompatOobIoctl(IoCall call) => Known(call, "compat_oob_ioctl");

    /// <inheritdoc/>
    protected internal override IoTask OobRead(IoCall call)
    {
        log.Add($"oob_read {call.Count}");
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override IoTask OobWrite(IoCall call)
    {
        log.Add($"oob_write {call.Count}");
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override IoTask Fasync(IoCall call)
    {
        log.Add($"fasync {call.Fd} {(call.AsyncOn ? "on" : "off")}");
        return FasyncResult.IsError ? FasyncResult : _async.FasyncHelper(call.Fd, call.File, call.AsyncOn);
    }

    /// <inheritdoc/>
    protected internal override IoTask Fsync(IoCall call)
    {
        log.Add("fsync");
        return SysResult.Ok();
    }

    private SysResult Known(IoCall call, string name)
    {
        log.Add($"{name} {call.Command:x}");
        return call.Command == 7 ? 7 : Errno.ENOIOCTLCMD;
    }
}

using EvlActors.Drivers;

namespace EvlActors.TestKit.Tests;

/// <summary>Passes bytes from in-band writers to out-of-band readers, correct but for the defect that is planted in it.</summary>
internal sealed class PostDevice(FaultDefect defect = FaultDefect.None) : CharDevice
{
    internal static readonly FaultPoint Full = new("post_full");

    private readonly WaitQueue _readers = new();
    private readonly WaitQueue _writers = new();
    private readonly byte[] _byte = new byte[1];
    private bool _isWriting;
    private int _count;

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override async IoTask Write(IoCall call)
    {
        while (_isWriting)
        {
            if (await _writers.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        if (call.ShouldFail(Full))
            return Errno.ENOSPC;
        _isWriting = true;
        bool faults = await call.CopyFromUser(_byte) != 0;
        if (faults && defect == FaultDefect.LockKept)
            return Errno.EFAULT;
        _isWriting = false;
        _writers.WakeOne();
        if (faults)
            return Errno.EFAULT;
        _count++;
        _readers.WakeOne();
        return 1;
    }

    protected internal override async IoTask OobRead(IoCall call)
    {
        while (_count == 0)
        {
            if (await _readers.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        Drivers.EvlFileReference? self = await call.GetFile(call.Fd);
        long missing = call.RawCopyToUser(_byte);
        if (missing == 0 || defect != FaultDefect.ReferenceKept)
            self?.Dispose();
        if (missing != 0)
            return Errno.EFAULT;
        _count--;
        return 1;
    }

    protected internal override async IoTask Release(IoCall call)
    {
        _readers.Flush();
        await call.File.ReleaseOob();
        return 0;
    }
}

using EvlActors;
using EvlActors.Drivers;

/// <summary>Counts the bytes that are written to it in-band; a read out-of-band waits for some and takes them.</summary>
internal sealed class CounterDevice : CharDevice
{
    private readonly WaitQueue _readers = new();
    private readonly byte[] _bytes = new byte[4];
    private int _count;

    protected override IoTask Open(IoCall call)
    {
        call.File.OpenOob();                    // evl_open_file: both stages may use it
        return SysResult.Ok();
    }

    protected override IoTask Write(IoCall call)
    {
        _count += (int)call.Count;
        _readers.WakeAll();
        return SysResult.Ok(call.Count);
    }

    protected override async IoTask OobRead(IoCall call)
    {
        while (_count == 0)                     // others ran while this slept: test again
        {
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await _readers.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        BitConverter.TryWriteBytes(_bytes, _count);
        _count = 0;
        return call.RawCopyToUser(_bytes) == 0 ? _bytes.Length : Errno.EFAULT;
    }

    protected override async IoTask Release(IoCall call)
    {
        _readers.Flush();                       // sleepers leave with EIDRM
        await call.File.ReleaseOob();           // evl_release_file: no oob reference is left after it
        return 0;
    }
}

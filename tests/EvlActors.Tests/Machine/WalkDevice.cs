using EvlActors.Drivers;

namespace EvlActors.Tests;

/// <summary>
/// The driver of random walks: readers of either stage sleep until something is written, flush fails now and then, memory can be
/// mapped, and its ioctl holds the file of another descriptor for a moment.
/// </summary>
internal sealed class WalkDevice(bool flushes) : CharDevice
{
    private readonly WaitQueue _oobReaders = new();
    private readonly WaitQueue _readers = new(WaitOrder.Fifo);
    private int _items;
    private int _opens;

    /// <summary>Files that were opened and are not released.</summary>
    internal int Living { get; private set; }

    protected internal override IoTask Open(IoCall call)
    {
        if (++_opens % 5 == 0)
            return SysResult.Error(Errno.ENODEV);
        Living++;
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override IoTask Flush(IoCall call) => SysResult.Error(_items % 3 == 2 ? Errno.ERESTARTSYS : Errno.None);

    protected internal override async IoTask Release(IoCall call)
    {
        if (flushes)
            _oobReaders.Flush();
        await call.File.ReleaseOob();
        Living--;
        return 0;
    }

    protected internal override IoTask Read(IoCall call) => Take(call, _readers);

    protected internal override IoTask OobRead(IoCall call) => Take(call, _oobReaders);

    protected internal override IoTask Write(IoCall call) => Give();

    protected internal override IoTask OobWrite(IoCall call) => Give();

    protected internal override IoTask Mmap(IoCall call)
    {
        call.Map(new byte[EvlMapping.PageBytes]);
        return SysResult.Ok();
    }

    protected internal override IoTask VmClose(IoCall call) => SysResult.Ok();

    protected internal override IoTask Ioctl(IoCall call) => Hold(call);

    protected internal override IoTask OobIoctl(IoCall call) => Hold(call);

    private SysResult Give()
    {
        _items++;
        _oobReaders.WakeAll();
        _readers.WakeAll();
        return 1;
    }

    private async IoTask Take(IoCall call, WaitQueue queue)
    {
        while (_items == 0)
        {
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await queue.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        _items--;
        return 1;
    }

    private static async IoTask Hold(IoCall call)
    {
        using EvlFileReference? held = await call.GetFile((int)call.Argument);
        return held is null ? Errno.EBADF : 0;
    }
}

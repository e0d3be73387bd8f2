using EvlActors;
using EvlActors.Drivers;

namespace WritingDrivers;

/// <summary>One value of 8 bytes at a time: written out-of-band, read in-band.</summary>
internal sealed class SlotDevice : CharDevice
{
    private const int Size = 8;

    private readonly WaitQueueHead _readers = new();        // where in-band code sleeps
    private readonly WaitQueue _writers = new();            // where out-of-band code sleeps
    private readonly byte[] _value = new byte[Size];
    private IrqWork? _wakeReaders;
    private bool _isFull;

    protected override IoTask Open(IoCall call)
    {
        _wakeReaders ??= CreateIrqWork(_ => _readers.WakeUp(PollEvents.In | PollEvents.RdNorm));
        call.File.Stream();                                 // stream_open: no position
        call.File.OpenOob();                                // evl_open_file: oob calls may use it
        return SysResult.Ok();
    }

    protected override async IoTask Read(IoCall call)
    {
        if (call.Count < Size)
            return Errno.EINVAL;
        if (!_isFull && call.NonBlocking)
            return Errno.EAGAIN;
        if (await _readers.WaitEventInterruptible(call, () => _isFull) is { IsError: true } interrupted)
            return interrupted;
        byte[] taken = [.. _value];                         // copy_to_user may wait: nobody else gets this value
        _isFull = false;
        _writers.WakeAll(key: PollEvents.Out | PollEvents.WrNorm);
        return await call.CopyToUser(taken) == 0 ? Size : Errno.EFAULT;
    }

    protected override async IoTask OobWrite(IoCall call)
    {
        if (call.Count != Size)
            return Errno.EINVAL;
        while (_isFull)                                     // others ran while this slept: test again
        {
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await _writers.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        if (call.RawCopyFromUser(_value) != 0)              // never waits
            return Errno.EFAULT;
        _isFull = true;
        _wakeReaders!.Queue();                              // wake_up is for in-band code: an irq_work calls it
        return Size;
    }

    protected override PollEvents Poll(PollTable table)
    {
        table.PollWait(_readers);
        return _isFull ? PollEvents.In | PollEvents.RdNorm : PollEvents.None;
    }

    protected override PollEvents OobPoll(PollTable table)
    {
        table.PollWait(_writers);
        return _isFull ? PollEvents.None : PollEvents.Out | PollEvents.WrNorm;
    }

    protected override async IoTask Release(IoCall call)
    {
        _writers.Flush();                                   // sleepers leave with EIDRM
        await call.File.ReleaseOob();                       // evl_release_file: no oob call uses the file after it
        return 0;                                           // what belonged to the file may go now
    }
}

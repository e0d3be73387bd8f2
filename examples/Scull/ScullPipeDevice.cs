using EvlActors;
using EvlActors.Drivers;

namespace Scull;

/// <summary>scullpipe: a ring with blocking readers and writers. Its memory lives from the first open to the last close.</summary>
internal sealed class ScullPipeDevice : CharDevice
{
    private readonly ScullParameters _parameters;
    private readonly WaitQueueHead _readers = new();
    private readonly WaitQueueHead _writers = new();
    private readonly FasyncList _asyncReaders = new();
    private readonly ScullLock _lock = new();
    private readonly Func<bool> _hasBytes;
    private readonly Func<bool> _hasRoom;
    private ScullRing? _ring;
    private int _files;

    public ScullPipeDevice(ScullParameters parameters)
    {
        _parameters = parameters;
        _hasBytes = () => !Ring.IsEmpty;
        _hasRoom = () => Ring.Free > 0;
    }

    private ScullRing Ring => _ring!; // it is there as long as a file is open

    protected override IoTask Open(IoCall call)
    {
        try
        {
            _ring ??= new ScullRing(_parameters.PipeSize);
        }
        catch (OutOfMemoryException)
        {
            return SysResult.Error(Errno.ENOMEM);
        }
        _files++;
        call.File.NonSeekable();
        return SysResult.Ok();
    }

    protected override async IoTask Read(IoCall call)
    {
        if (await TakeWhen(call, _readers, _hasBytes) is { IsError: true } refused)
            return refused;
        try
        {
            ReadOnlyMemory<byte> there = Ring.Readable(call.Count);
            if (await call.CopyToUser(there) != 0)
                return Errno.EFAULT;
            Ring.Taken(there.Length);
            _writers.WakeUpInterruptible(PollEvents.Out | PollEvents.WrNorm);
            return there.Length;
        }
        finally
        {
            _lock.Release();
        }
    }

    protected override async IoTask Write(IoCall call)
    {
        if (await TakeWhen(call, _writers, _hasRoom) is { IsError: true } refused)
            return refused;
        try
        {
            Memory<byte> room = Ring.Writable(call.Count);
            if (await call.CopyFromUser(room) != 0)
                return Errno.EFAULT;
            Ring.Added(room.Length);
            _readers.WakeUpInterruptible(PollEvents.In | PollEvents.RdNorm);
            _asyncReaders.KillFasync(Signal.SIGIO, PollCode.In);
            return room.Length;
        }
        finally
        {
            _lock.Release();
        }
    }

    // No HUP: a reader without writers waits for the next one.
    protected override PollEvents Poll(PollTable table)
    {
        table.PollWait(_readers);
        table.PollWait(_writers);
        PollEvents ready = PollEvents.None;
        if (!Ring.IsEmpty)
            ready |= PollEvents.In | PollEvents.RdNorm;
        if (Ring.Free > 0)
            ready |= PollEvents.Out | PollEvents.WrNorm;
        return ready;
    }

    protected override IoTask Fasync(IoCall call) => _asyncReaders.FasyncHelper(call.Fd, call.File, call.AsyncOn);

    protected override IoTask Ioctl(IoCall call) => ScullParameters.Commands.Run(_parameters, call);

    protected override IoTask CompatIoctl(IoCall call) => CompatPtrIoctl(call);

    protected override IoTask Release(IoCall call)
    {
        _files--;
        if (_files == 0)
            _ring = null;
        return SysResult.Ok();
    }

    // Takes the lock with something to do: it is given up before each sleep, and everything is tested again after it.
    private async IoTask TakeWhen(IoCall call, WaitQueueHead queue, Func<bool> isReady)
    {
        while (true)
        {
            if (await _lock.Take(call) is { IsError: true } interrupted)
                return interrupted;
            if (isReady())
                return 0;
            _lock.Release();
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await queue.WaitEventInterruptible(call, isReady) is { IsError: true } signalled)
                return signalled;
        }
    }
}

using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A pipe as LDD3's scullpipe is written: bytes in a small buffer, readers and writers that sleep.</summary>
internal sealed class ScullPipeDevice(int size) : CharDevice
{
    private readonly WaitQueueHead _readers = new();
    private readonly WaitQueueHead _writers = new();
    private readonly Queue<byte> _bytes = new();

    protected internal override async IoTask Read(IoCall call)
    {
        while (_bytes.Count == 0)
        {
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await _readers.WaitEventInterruptible(call, () => _bytes.Count > 0) is { IsError: true } interrupted)
                return interrupted;
        }
        byte[] taken = new byte[Math.Min((int)call.Count, _bytes.Count)];
        for (int i = 0; i < taken.Length; i++)
            taken[i] = _bytes.Dequeue();
        if (await call.CopyToUser(taken) != 0)
            return Errno.EFAULT;
        _writers.WakeUpInterruptible();
        return taken.Length;
    }

    protected internal override async IoTask Write(IoCall call)
    {
        while (_bytes.Count == size)
        {
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await _writers.WaitEventInterruptible(call, () => _bytes.Count < size) is { IsError: true } interrupted)
                return interrupted;
        }
        byte[] given = new byte[Math.Min((int)call.Count, size - _bytes.Count)];
        if (await call.CopyFromUser(given) != 0)
            return Errno.EFAULT;
        foreach (byte one in given)
            _bytes.Enqueue(one);
        _readers.WakeUpInterruptible();
        return given.Length;
    }
}

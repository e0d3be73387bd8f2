using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>
/// A pipe: bytes from the file opened for writing to the file opened for reading. Up to <see cref="AtomicBytes"/> are written
/// in one piece.
/// </summary>
internal sealed class PipeDevice : CharDevice
{
    /// <summary>PIPE_BUF.</summary>
    internal const int AtomicBytes = 4096;

    /// <summary>What fits in.</summary>
    internal const int Capacity = 65536;

    private readonly byte[] _bytes = new byte[Capacity];
    private readonly WaitQueue _readers = new(WaitOrder.Fifo);
    private readonly WaitQueue _writers = new(WaitOrder.Fifo);
    private readonly PollHead _readPollers = new();
    private readonly PollHead _writePollers = new();
    private int _first;
    private int _count;
    private bool _isDraining;
    private bool _isFilling;
    private bool _hasReader = true;
    private bool _hasWriter = true;

    // A writer is told of room when it can write something in one piece.
    private bool HasRoom => Capacity - _count >= AtomicBytes;

    /// <inheritdoc/>
    protected internal override async IoTask Read(IoCall call)
    {
        if (call.Count == 0)
            return 0;
        while (_isDraining || _count == 0)
        {
            if (!_isDraining && !_hasWriter)
                return 0;
            if (!_isDraining && call.NonBlocking)
                return Errno.EAGAIN;
            if (await _readers.Wait(call) is { IsError: true } interrupted)
                return interrupted;
        }
        // The bytes stay until they are copied, and nobody else reads them meanwhile: a slow page delays, a bad one keeps them.
        _isDraining = true;
        int wanted = (int)Math.Min(call.Count, _count);
        int upToEnd = Math.Min(wanted, Capacity - _first);
        int copied = upToEnd - (int)await call.CopyToUser(_bytes.AsMemory(_first, upToEnd));
        if (copied == upToEnd && wanted > upToEnd)
            copied += wanted - upToEnd - (int)await call.CopyToUser(_bytes.AsMemory(0, wanted - upToEnd), upToEnd);
        _isDraining = false;
        bool hadRoom = HasRoom;
        _first = (_first + copied) % Capacity;
        _count -= copied;
        if (!hadRoom && HasRoom)
            _writePollers.Signal(PollEvents.Out | PollEvents.WrNorm);
        _readers.WakeAll();
        _writers.WakeAll();
        return copied == 0 ? Errno.EFAULT : copied;
    }

    /// <inheritdoc/>
    protected internal override async IoTask Write(IoCall call)
    {
        // What is written in one piece waits for room for all of it, the rest for any.
        int needed = call.Count <= AtomicBytes ? (int)call.Count : 1;
        long written = 0;
        while (written < call.Count)
        {
            while (_isFilling || (_hasReader && Capacity - _count < needed))
            {
                if (!_isFilling && call.NonBlocking)
                    return written > 0 ? written : Errno.EAGAIN;
                if (await _writers.Wait(call) is { IsError: true } interrupted)
                    return written > 0 ? written : interrupted;
            }
            if (!_hasReader)
                return BrokenPipe(call, written);
            // Readers see the bytes when they are copied; other writers come behind them.
            _isFilling = true;
            int wanted = (int)Math.Min(call.Count - written, Capacity - _count);
            int at = (_first + _count) % Capacity;
            int upToEnd = Math.Min(wanted, Capacity - at);
            int copied = upToEnd - (int)await call.CopyFromUser(_bytes.AsMemory(at, upToEnd), written);
            if (copied == upToEnd && wanted > upToEnd)
                copied += wanted - upToEnd - (int)await call.CopyFromUser(_bytes.AsMemory(0, wanted - upToEnd), written + upToEnd);
            _isFilling = false;
            _count += copied;
            written += copied;
            _readPollers.Signal(PollEvents.In | PollEvents.RdNorm);
            _readers.WakeAll();
            _writers.WakeAll();
            if (copied < wanted)
                return written > 0 ? written : Errno.EFAULT;
        }
        return written;
    }

    /// <inheritdoc/>
    protected internal override IoTask Release(IoCall call)
    {
        if ((call.Flags & OpenFlags.AccessMode) == OpenFlags.ReadOnly)
            _hasReader = false;
        else
            _hasWriter = false;
        _readPollers.Signal(PollEvents.Hup);
        _writePollers.Signal(PollEvents.Err);
        _readers.WakeAll();
        _writers.WakeAll();
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override PollEvents Poll(PollTable table)
    {
        if ((table.File.OpenFlags & OpenFlags.AccessMode) == OpenFlags.ReadOnly)
        {
            table.Watch(_readPollers);
            return (_count > 0 ? PollEvents.In | PollEvents.RdNorm : PollEvents.None) | (_hasWriter ? PollEvents.None : PollEvents.Hup);
        }
        table.Watch(_writePollers);
        return (HasRoom ? PollEvents.Out | PollEvents.WrNorm : PollEvents.None) | (_hasReader ? PollEvents.None : PollEvents.Err);
    }

    private static SysResult BrokenPipe(IoCall call, long written)
    {
        call.RaiseSigPipe();
        return written > 0 ? written : Errno.EPIPE;
    }
}

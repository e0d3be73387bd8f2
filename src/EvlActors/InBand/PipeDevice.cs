using System.Runtime.CompilerServices;
using EvlActors.Calls;
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

    private const PollEvents Readable = PollEvents.In | PollEvents.RdNorm;
    private const PollEvents Writable = PollEvents.Out | PollEvents.WrNorm;

    private readonly byte[] _bytes = new byte[Capacity];
    private readonly WaitQueue _readers = new(WaitOrder.Fifo);
    private readonly WaitQueue _writers = new(WaitOrder.Fifo);
    private readonly FasyncList _asyncReaders = new();
    private readonly FasyncList _asyncWriters = new();
    private int _first;
    private int _count;
    private bool _isDraining;
    private bool _isFilling;
    private bool _hasReader = true;
    private bool _hasWriter = true;

    // Where the next byte goes.
    private int End => _first + _count < Capacity ? _first + _count : _first + _count - Capacity;

    /// <inheritdoc/>
    internal override IReadOnlyList<RingSnapshot> Rings => [new("pipe", _count, Capacity)];

    /// <inheritdoc/>
    /// <remarks>What is there or fits in one piece, and memory that is there; nobody hears of it by a signal.</remarks>
    internal override bool TryAnswer(Call call, DeviceActor device) => call.Buffer.Count > 0 && call.Buffer.IsPlain && call.Operation switch
    {
        FileOperation.Read => TryTake(call, device),
        FileOperation.Write => TryPut(call, device),
        _ => false,
    };

    /// <inheritdoc/>
    protected internal override IoTask Release(IoCall call)
    {
        if (IsReadingEnd(call.Flags))
            _hasReader = false;
        else
            _hasWriter = false;
        _readers.WakeAll();
        _writers.WakeAll();
        // The other side, if it is still there: the list of the end that goes is empty by now.
        _asyncReaders.KillFasync(Signal.SIGIO, PollCode.In);
        _asyncWriters.KillFasync(Signal.SIGIO, PollCode.Out);
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override IoTask Fasync(IoCall call) =>
        (IsReadingEnd(call.File.OpenFlags) ? _asyncReaders : _asyncWriters).FasyncHelper(call.Fd, call.File, call.AsyncOn);

    /// <inheritdoc/>
    protected internal override PollEvents Poll(PollTable table)
    {
        if (IsReadingEnd(table.File.OpenFlags))
        {
            table.PollWait(_readers);
            return (_count > 0 ? Readable : PollEvents.None) | (_hasWriter ? PollEvents.None : PollEvents.Hup);
        }
        table.PollWait(_writers);
        return (Capacity - _count >= AtomicBytes ? Writable : PollEvents.None) | (_hasReader ? PollEvents.None : PollEvents.Err);
    }

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
        return EndRead(copied);
    }

    // Each on its own: as a part of the turn around them, they would use up what the JIT allows that to inline.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTake(Call call, DeviceActor device)
    {
        int copied = (int)Math.Min(call.Buffer.Count, _count);
        if (copied == 0 || _isDraining || !_asyncWriters.IsEmpty || copied > Capacity - _first)
            return false;
        device.Routed(call);
        _bytes.AsSpan(_first, copied).CopyTo(call.Buffer.Plain);
        call.Result = EndRead(copied);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryPut(Call call, DeviceActor device)
    {
        if (!_hasReader || _isFilling || !_asyncReaders.IsEmpty || call.Buffer.Count > Capacity - Math.Max(End, _count))
            return false;
        device.Routed(call);
        Span<byte> user = call.Buffer.Plain;
        user.CopyTo(_bytes.AsSpan(End));
        Written(user.Length);
        call.Result = user.Length;
        return true;
    }

    private SysResult EndRead(int copied)
    {
        _first = (_first + copied) % Capacity;
        _count -= copied;
        // Other readers go on, but there is no news for those who poll this end.
        _readers.WakeAll(key: Writable);
        _writers.WakeAll(key: Writable);
        if (copied > 0)
            _asyncWriters.KillFasync(Signal.SIGIO, PollCode.Out);
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
            int at = End;
            int upToEnd = Math.Min(wanted, Capacity - at);
            int copied = upToEnd - (int)await call.CopyFromUser(_bytes.AsMemory(at, upToEnd), written);
            if (copied == upToEnd && wanted > upToEnd)
                copied += wanted - upToEnd - (int)await call.CopyFromUser(_bytes.AsMemory(0, wanted - upToEnd), written + upToEnd);
            _isFilling = false;
            written += copied;
            Written(copied);
            if (copied < wanted)
                return written > 0 ? written : Errno.EFAULT;
        }
        return written;
    }

    private void Written(int copied)
    {
        _count += copied;
        _readers.WakeAll(key: Readable);
        _writers.WakeAll(key: Readable);
        if (copied > 0)
            _asyncReaders.KillFasync(Signal.SIGIO, PollCode.In);
    }

    private static bool IsReadingEnd(OpenFlags flags) => (flags & OpenFlags.AccessMode) == OpenFlags.ReadOnly;

    private static SysResult BrokenPipe(IoCall call, long written)
    {
        call.RaiseSigPipe();
        return written > 0 ? written : Errno.EPIPE;
    }
}

using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>A regular file in memory: one content for all who open it, a position for each open, no oob context.</summary>
internal sealed class RegularFile(ReadOnlyMemory<byte> contents) : CharDevice
{
    private const int ChunkBytes = 65536;

    private byte[] _bytes = contents.ToArray();
    private int _length = contents.Length;
    private byte[]? _spareChunk;

    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        if ((call.Flags & OpenFlags.Truncate) != 0 && (call.Flags & OpenFlags.AccessMode) != OpenFlags.ReadOnly)
            _length = 0;
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override async IoTask Read(IoCall call)
    {
        long at = call.Position;
        int count = (int)Math.Clamp(_length - at, 0, call.Count);
        int copied = count == 0 ? 0 : count - (int)await call.CopyToUser(_bytes.AsMemory((int)at, count));
        if (copied == 0 && count > 0)
            return Errno.EFAULT;
        call.Position = at + copied;
        return copied;
    }

    /// <inheritdoc/>
    protected internal override async IoTask Write(IoCall call)
    {
        // Another write may be suspended at a slow page with the chunk of the file.
        byte[] chunk = _spareChunk ?? new byte[ChunkBytes];
        _spareChunk = null;
        SysResult result = await WriteFrom(call, chunk);
        _spareChunk = chunk;
        return result;
    }

    /// <inheritdoc/>
    protected internal override IoTask Llseek(IoCall call) => call.DefaultLlseek(_length);

    private async IoTask WriteFrom(IoCall call, byte[] chunk)
    {
        long written = 0;
        while (written < call.Count)
        {
            Memory<byte> part = chunk.AsMemory(0, (int)Math.Min(chunk.Length, call.Count - written));
            int copied = part.Length - (int)await call.CopyFromUser(part, written);
            if (copied == 0)
                return written > 0 ? written : Errno.EFAULT;
            // The end is looked up for each part: O_APPEND writes of several openers don't overwrite each other.
            long at = (call.Flags & OpenFlags.Append) != 0 ? _length : call.Position;
            if (!Put(part.Span[..copied], at))
                return written > 0 ? written : Errno.ENOSPC;
            call.Position = at + copied;
            written += copied;
        }
        return written;
    }

    private bool Put(ReadOnlySpan<byte> part, long at)
    {
        if (at > Array.MaxLength - part.Length)
            return false;
        long end = at + part.Length;
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(end, _bytes.Length * 2L)));
        // What lies between the old end and the write reads as zeros.
        if (at > _length)
            _bytes.AsSpan(_length, (int)at - _length).Clear();
        part.CopyTo(_bytes.AsSpan((int)at));
        _length = (int)Math.Max(_length, end);
        return true;
    }
}

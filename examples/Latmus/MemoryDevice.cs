using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>A small in-band memory: reads and writes copy from and to its beginning. What --load hammers.</summary>
internal sealed class MemoryDevice : CharDevice
{
    /// <summary>Its size, in bytes.</summary>
    internal const int Size = 4096;

    private readonly byte[] _memory = new byte[Size];

    /// <inheritdoc/>
    protected override async IoTask Read(IoCall call)
    {
        int count = (int)Math.Min(call.Count, Size);
        return await call.CopyToUser(_memory.AsMemory(0, count)) == 0 ? count : Errno.EFAULT;
    }

    /// <inheritdoc/>
    protected override async IoTask Write(IoCall call)
    {
        int count = (int)Math.Min(call.Count, Size);
        return await call.CopyFromUser(_memory.AsMemory(0, count)) == 0 ? count : Errno.EFAULT;
    }
}

namespace EvlActors.Drivers;

/// <summary>The usual llseek handlers: a driver's <see cref="CharDevice.Llseek"/> returns what one of them says.</summary>
public static class SeekHelpers
{
    /// <summary>SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA and SEEK_HOLE on data of a size, without an upper bound.
    /// <c>default_llseek</c>.</summary>
    /// <param name="call">The lseek.</param>
    /// <param name="size">Where the end is, in bytes.</param>
    /// <returns>The new position; EINVAL if it would be negative; ENXIO for data and holes at or after the end.</returns>
    public static SysResult DefaultLlseek(this IoCall call, long size)
    {
        ArgumentNullException.ThrowIfNull(call);
        long offset = call.Offset;
        switch (call.Whence)
        {
            case Whence.Current:
                offset = unchecked(call.Position + offset);
                break;
            case Whence.End:
                offset = unchecked(size + offset);
                break;
            case Whence.Data or Whence.Hole when offset >= size:
                return Errno.ENXIO;
            case Whence.Hole:
                offset = size;
                break;
        }
        return MoveTo(call, offset, long.MaxValue);
    }

    /// <summary>SEEK_SET, SEEK_CUR and SEEK_END within a fixed size, end included. <c>fixed_size_llseek</c>.</summary>
    /// <param name="call">The lseek.</param>
    /// <param name="size">The size, in bytes.</param>
    /// <returns>The new position; EINVAL if it would be negative or beyond the size, or for another whence.</returns>
    public static SysResult FixedSizeLlseek(this IoCall call, long size)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Whence switch
        {
            Whence.Set => MoveTo(call, call.Offset, size),
            Whence.Current when call.Offset == 0 => call.Position,
            Whence.Current => MoveTo(call, unchecked(call.Position + call.Offset), size),
            Whence.End => MoveTo(call, unchecked(size + call.Offset), size),
            _ => Errno.EINVAL,
        };
    }

    /// <summary>Changes nothing. <c>noop_llseek</c>.</summary>
    /// <param name="call">The lseek.</param>
    /// <returns>The position.</returns>
    public static SysResult NoopLlseek(this IoCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Position;
    }

    /// <summary>Refuses. <c>no_llseek</c>.</summary>
    /// <param name="call">The lseek.</param>
    /// <returns>ESPIPE.</returns>
    public static SysResult NoLlseek(this IoCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return Errno.ESPIPE;
    }

    private static SysResult MoveTo(IoCall call, long position, long max)
    {
        if (position < 0 || position > max)
            return Errno.EINVAL;
        call.Position = position;
        return position;
    }
}

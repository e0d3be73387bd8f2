namespace EvlActors.TestKit;

/// <summary>What is in a ring, by the bytes that its users gave and got: a stream with a position for each byte.</summary>
internal sealed class RingModel(int size)
{
    private readonly StreamByte[] _bytes = new StreamByte[size];
    private readonly Dictionary<int, long> _writing = [];
    private readonly Dictionary<int, long> _reading = [];
    private long _written;
    private long _read;

    /// <summary>The next bytes of the stream belong to a writer, or to a reader.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal string? Reserve(int start, int count, bool isWrite)
    {
        Dictionary<int, long> slots = isWrite ? _writing : _reading;
        ref long position = ref isWrite ? ref _written : ref _read;
        if (!slots.TryAdd(start, position))
            return $"two {(isWrite ? "writers" : "readers")} have the slot at {start}";
        position += count;
        if (_read > _written)
            return $"{_read - _written} bytes are read that nobody has written";
        return _written - _read > size ? $"{_written - _read} bytes are in a ring of {size}" : null;
    }

    /// <summary>A writer has copied what it gives.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal string? Write(int start, int count, ReadOnlySpan<byte> user, bool isWhole)
    {
        if (!_writing.Remove(start, out long position))
            return "a writer without a slot has written";
        for (int i = 0; i < count; i++)
        {
            ref StreamByte at = ref _bytes[(position + i) % size];
            if (at.IsThere)
                return $"byte {position + i} overwrites one that nobody has read";
            at = new StreamByte(i < user.Length ? user[i] : (byte)0, IsThere: true, MayBeZero: !isWhole);
        }
        return null;
    }

    /// <summary>A reader has copied what it gets.</summary>
    /// <returns>What is wrong, or null.</returns>
    internal string? Read(int start, int count, ReadOnlySpan<byte> user, bool isWhole)
    {
        if (!_reading.Remove(start, out long position))
            return "a reader without a slot has read";
        for (int i = 0; i < count; i++)
        {
            ref StreamByte at = ref _bytes[(position + i) % size];
            if (!at.IsThere)
                return $"byte {position + i} is read before it is written, or twice";
            if (isWhole && user[i] != at.Value && !(at.MayBeZero && user[i] == 0))
                return $"byte {position + i} was written as {at.Value} and is read as {user[i]}";
            at = default;
        }
        return null;
    }
}

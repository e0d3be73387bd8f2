namespace Scull;

/// <summary>A ring of bytes of which one stays free, so that equal positions mean empty.</summary>
internal sealed class ScullRing(int size)
{
    private readonly byte[] _bytes = new byte[size];
    private int _read;
    private int _write;

    public bool IsEmpty => _read == _write;

    /// <summary>How much fits.</summary>
    public int Free => (_read + _bytes.Length - _write - 1) % _bytes.Length;

    /// <summary>What can be read in one piece: up to the wrap.</summary>
    public ReadOnlyMemory<byte> Readable(long count)
    {
        int end = _write >= _read ? _write : _bytes.Length;
        return _bytes.AsMemory(_read, (int)Math.Min(count, end - _read));
    }

    /// <summary>Where can be written in one piece: up to the wrap.</summary>
    public Memory<byte> Writable(long count) =>
        _bytes.AsMemory(_write, (int)Math.Min(Math.Min(count, Free), _bytes.Length - _write));

    public void Taken(int count) => _read = (_read + count) % _bytes.Length;

    public void Added(int count) => _write = (_write + count) % _bytes.Length;
}

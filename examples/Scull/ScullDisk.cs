namespace Scull;

/// <summary>The memory of one device: sets of quanta, made where something is written. Between them are holes.</summary>
internal sealed class ScullDisk(ScullParameters parameters)
{
    private readonly Dictionary<long, byte[]?[]> _sets = [];
    private int _quantum = parameters.Quantum;
    private int _qset = parameters.Qset;

    /// <summary>Where the end is, in bytes.</summary>
    public long Size { get; private set; }

    /// <summary>Forgets everything; what comes next is stored by the parameters of now.</summary>
    public void Trim()
    {
        _sets.Clear();
        _quantum = parameters.Quantum;
        _qset = parameters.Qset;
        Size = 0;
    }

    /// <summary>What can be read at a position: up to the end of its quantum; nothing in a hole and behind the end.</summary>
    public ReadOnlyMemory<byte> At(long position, long count)
    {
        long left = Math.Min(count, Size - position);
        if (left <= 0 || !_sets.TryGetValue(SetOf(position), out byte[]?[]? set) || set[QuantumOf(position)] is not { } quantum)
            return default;
        int offset = (int)(position % _quantum);
        return quantum.AsMemory(offset, (int)Math.Min(left, _quantum - offset));
    }

    /// <summary>Where to write at a position: up to the end of its quantum, which is made if need be.</summary>
    /// <exception cref="OutOfMemoryException">There is no memory for it.</exception>
    public Memory<byte> Make(long position, long count)
    {
        long number = SetOf(position);
        if (!_sets.TryGetValue(number, out byte[]?[]? set))
            _sets.Add(number, set = new byte[]?[_qset]);
        byte[] quantum = set[QuantumOf(position)] ??= new byte[_quantum];
        int offset = (int)(position % _quantum);
        return quantum.AsMemory(offset, (int)Math.Min(count, _quantum - offset));
    }

    /// <summary>Something was written up to a position.</summary>
    public void GrowTo(long position) => Size = Math.Max(Size, position);

    private long SetOf(long position) => position / _quantum / _qset;

    private int QuantumOf(long position) => (int)(position / _quantum % _qset);
}

namespace EvlActors.InBand;

/// <summary>The minor numbers of one class of elements; the lowest free one is taken.</summary>
internal sealed class MinorNumbers(int max)
{
    private readonly PriorityQueue<int, int> _free = new();
    private int _next;

    /// <summary>The lowest free number; -1: none is left.</summary>
    internal int Take()
    {
        if (_free.TryDequeue(out int minor, out _))
            return minor;
        return _next < max ? _next++ : -1;
    }

    internal void Free(int minor) => _free.Enqueue(minor, minor);
}

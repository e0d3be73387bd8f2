namespace EvlActors.InBand;

/// <summary>
/// The device numbers of a machine: the regions that were registered, and which numbers nodes have. Counterpart of
/// fs/char_dev.c's table. Any thread.
/// </summary>
internal sealed class DeviceNumbers
{
    private readonly object _gate = new();
    private readonly List<Region> _regions = [];
    private readonly HashSet<DeviceNumber> _used = [];

    /// <summary>Registers a region under a major number that has none yet, chosen as Linux chooses.</summary>
    internal DeviceNumber Allocate(int firstMinor, int count, string name)
    {
        lock (_gate)
        {
            foreach (int major in DynamicMajors())
            {
                if (!_regions.Exists(region => region.First.Major == major))
                    return AddRegion(new DeviceNumber(major, firstMinor), count, name);
            }
        }
        throw new InvalidOperationException("All majors for dynamic allocation are taken: unregister regions that are not used any more.");
    }

    /// <summary>Registers a region of chosen numbers.</summary>
    internal void Register(DeviceNumber first, int count, string name)
    {
        lock (_gate)
        {
            if (_regions.Find(region => region.Overlaps(first, count)) is { Name: { } other })
                throw new InvalidOperationException($"Numbers from {first} on belong to '{other}' already: allocate a major with AllocChrdevRegion.");
            AddRegion(first, count, name);
        }
    }

    /// <summary>Gives a region back that has no nodes any more.</summary>
    internal void Unregister(DeviceNumber first, int count)
    {
        lock (_gate)
        {
            int at = _regions.FindIndex(region => region.First == first && region.Count == count);
            if (at < 0)
                throw new InvalidOperationException($"No region of {count} numbers from {first} on was registered.");
            for (int i = 0; i < count; i++)
            {
                if (_used.Contains(first.Plus(i)))
                    throw new InvalidOperationException($"There is a node of number {first.Plus(i)}: remove it before its region.");
            }
            _regions.RemoveAt(at);
        }
    }

    /// <summary>Takes numbers for nodes, all or none.</summary>
    internal void Use(DeviceNumber first, int count)
    {
        lock (_gate)
        {
            if (!_regions.Exists(region => region.Contains(first, count)))
                throw new InvalidOperationException($"{count} numbers from {first} on are not registered: call AllocChrdevRegion before.");
            for (int i = 0; i < count; i++)
            {
                if (_used.Contains(first.Plus(i)))
                    throw new InvalidOperationException($"There is a node of number {first.Plus(i)} already.");
            }
            for (int i = 0; i < count; i++)
                _used.Add(first.Plus(i));
        }
    }

    /// <summary>A node is gone.</summary>
    internal void Free(DeviceNumber number)
    {
        lock (_gate)
            _used.Remove(number);
    }

    private static IEnumerable<int> DynamicMajors()
    {
        for (int major = 254; major >= 234; major--)
            yield return major;
        for (int major = 511; major >= 384; major--)
            yield return major;
    }

    private DeviceNumber AddRegion(DeviceNumber first, int count, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _ = first.Plus(count - 1);
        _regions.Add(new Region(first, count, name));
        return first;
    }

    private sealed record Region(DeviceNumber First, int Count, string Name)
    {
        internal bool Contains(DeviceNumber first, int count) =>
            first.Major == First.Major && first.Minor >= First.Minor && (long)first.Minor + count <= (long)First.Minor + Count;

        internal bool Overlaps(DeviceNumber first, int count) =>
            first.Major == First.Major && first.Minor < (long)First.Minor + Count && (long)first.Minor + count > First.Minor;
    }
}

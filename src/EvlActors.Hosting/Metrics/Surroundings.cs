using System.Diagnostics.Metrics;

namespace EvlActors.Hosting.Metrics;

/// <summary>What meters take from snapshots of the machine: how full rings are, and which files have been in release too long.</summary>
internal sealed class Surroundings(EvlMachine machine, TimeSpan stuckAfter)
{
    // Since when each file is seen in release, in the machine's nanoseconds.
    private Dictionary<long, long> _releasing = [];
    private MachineSnapshot? _last;
    private Task _looking = Task.CompletedTask;

    /// <summary>How many releases are stuck.</summary>
    internal int Stuck { get; private set; }

    /// <summary>Takes a snapshot unless one is under way; does not wait for it.</summary>
    internal Task Look(CancellationToken cancellation) => _looking.IsCompleted ? _looking = LookOnce(cancellation) : _looking;

    /// <summary>The bytes in each ring.</summary>
    internal IEnumerable<Measurement<int>> Fills() => Rings(static ring => ring.Fill);

    /// <summary>The bytes that fit in each ring.</summary>
    internal IEnumerable<Measurement<int>> Sizes() => Rings(static ring => ring.Size);

    private IEnumerable<Measurement<int>> Rings(Func<RingSnapshot, int> value) =>
        from device in Volatile.Read(ref _last)?.Devices ?? []
        from ring in device.Rings
        where ring.Size > 0
        select new Measurement<int>(value(ring), new("evl.device", device.Name), new("evl.ring", ring.Name));

    private async Task LookOnce(CancellationToken cancellation)
    {
        MachineSnapshot seen = await machine.SnapshotAsync(cancellation).ConfigureAwait(false);
        _releasing = seen.OpenFiles.Where(file => file.IsReleasing)
            .ToDictionary(file => file.Id, file => _releasing.GetValueOrDefault(file.Id, seen.TimeNs));
        Stuck = _releasing.Values.Count(sinceNs => seen.TimeNs - sinceNs >= stuckAfter.TotalNanoseconds);
        Volatile.Write(ref _last, seen);
    }
}

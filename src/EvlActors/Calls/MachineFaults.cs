using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// The faults of a machine, which can be changed while it runs: the counterpart of Linux's debugfs files. Any thread. A machine
/// whose points are all cleared pays for each point the look at one field.
/// </summary>
public sealed class MachineFaults
{
    private readonly MachineContext _context;
    private readonly Lock _gate = new();

    internal MachineFaults(MachineContext context) => _context = context;

    /// <summary>Configures a point anew: what was used up of its attributes, and its counts, begin again.</summary>
    /// <param name="point">The point.</param>
    /// <param name="attributes">When it fails.</param>
    /// <exception cref="ArgumentOutOfRangeException">An attribute is out of its range; the message names it.</exception>
    public void Set(FaultPoint point, FaultAttributes attributes)
    {
        ArgumentNullException.ThrowIfNull(point);
        ArgumentNullException.ThrowIfNull(attributes);
        attributes.Check();
        Change(points => points[point] = new FaultState(attributes));
    }

    /// <summary>Ends the faults of a point; nothing happens if it has none.</summary>
    /// <param name="point">The point.</param>
    public void Clear(FaultPoint point)
    {
        ArgumentNullException.ThrowIfNull(point);
        Change(points => points.Remove(point));
    }

    /// <summary>How often a point was met since it was configured, by those whom its filter lets through; 0 if it is not.</summary>
    /// <param name="point">The point.</param>
    /// <returns>The count.</returns>
    public long Met(FaultPoint point) => _context.Injector?.Points.GetValueOrDefault(point)?.Met ?? 0;

    /// <summary>How often a point has failed since it was configured.</summary>
    /// <param name="point">The point.</param>
    /// <returns>The count.</returns>
    public long Injected(FaultPoint point) => _context.Injector?.Points.GetValueOrDefault(point)?.Injected ?? 0;

    /// <summary>Whether a point of a test's or an application's own fails this time. A driver asks
    /// <see cref="Drivers.IoContext.ShouldFail"/>.</summary>
    /// <param name="point">The point.</param>
    /// <param name="size">How much is asked for, for <see cref="FaultAttributes.Space"/>; 1 by default.</param>
    /// <returns>True: fail.</returns>
    public bool ShouldFail(FaultPoint point, long size = 1)
    {
        ArgumentNullException.ThrowIfNull(point);
        return _context.ShouldFail(point, null, "the application", size);
    }

    private void Change(Action<Dictionary<FaultPoint, FaultState>> change)
    {
        lock (_gate)
        {
            Dictionary<FaultPoint, FaultState> points = _context.Injector is { } faults ? new(faults.Points) : [];
            change(points);
            _context.Injector = points.Count > 0 || _context.Injector?.OnMet is not null
                ? new FaultInjector(_context, points) { OnMet = _context.Injector?.OnMet }
                : null;
        }
    }
}

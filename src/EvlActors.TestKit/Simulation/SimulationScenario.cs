namespace EvlActors.TestKit;

/// <summary>What a scenario has in one run: a machine of its own, the seed, and invariants that it may add to.</summary>
public sealed class SimulationScenario
{
    private readonly InvariantMonitor _monitor;
    private SplitMix _draws;

    internal SimulationScenario(EvlMachine machine, SimulationEngine engine, InvariantMonitor monitor)
    {
        Machine = machine;
        Engine = engine;
        _monitor = monitor;
        _draws = new SplitMix(engine.Seed ^ 0x5DEECE66D);
    }

    /// <summary>The machine; it is disposed of when the scenario has ended.</summary>
    public EvlMachine Machine { get; }

    /// <summary>The engine, with the virtual clock.</summary>
    public SimulationEngine Engine { get; }

    /// <summary>The seed of the run.</summary>
    public ulong Seed => Engine.Seed;

    /// <summary>Draws a number from the seed; draws do not change the order of the run.</summary>
    /// <param name="limit">One more than the greatest, at least 1.</param>
    /// <returns>A number from 0 to <paramref name="limit"/> - 1.</returns>
    public int Draw(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return _draws.Below(limit);
    }

    /// <summary>Begins to watch the machine; see <see cref="TestKit.Probe"/>.</summary>
    /// <returns>The probe. What it waits for when nothing can run any more is told.</returns>
    public Probe Probe()
    {
        var probe = new Probe(Machine);
        Engine.Probes.Add(probe);
        return probe;
    }

    /// <summary>Begins a schedule that is written in source.</summary>
    /// <returns>The script, empty.</returns>
    public Script Script() => new(this);

    /// <summary>
    /// Holds the next call of a thread that comes to a point: whoever would go on with it after that event does not, until it is let go.
    /// So <see cref="MachineEventKind.HookReplace"/> holds a dup2 before the stage hears of it,
    /// <see cref="MachineEventKind.ReleaseBegun"/> a close before the driver's release is called, <see cref="MachineEventKind.CallWoken"/> a
    /// sleeper that was woken and does not run yet (a short transfer of a cross-buffer has its bytes by then).
    /// </summary>
    /// <param name="thread">The thread.</param>
    /// <param name="point">What has to happen to its call.</param>
    /// <returns>The call, to be let go: a machine can't end while one is held.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="point"/> is the answer: there is nothing left to hold.</exception>
    public HeldCall Hold(UserThread thread, MachineEventKind point)
    {
        ArgumentNullException.ThrowIfNull(thread);
        if (point == MachineEventKind.CallAnswered)
            throw new ArgumentOutOfRangeException(nameof(point), point, "A call that is answered is over.");
        var held = new HeldCall(Engine, thread, point);
        Engine.Remember(held);
        return held;
    }

    /// <summary>Adds an invariant for the rest of the run.</summary>
    /// <param name="invariant">The invariant; it sees the events from now on.</param>
    public void AddInvariant(IInvariant invariant)
    {
        ArgumentNullException.ThrowIfNull(invariant);
        _monitor.Add(invariant);
    }

    /// <summary>Adds an invariant over the event stream for the rest of the run.</summary>
    /// <param name="name">What it says, in a few words.</param>
    /// <param name="check">Gets each event, in the turn that it happens in; says what is wrong, or null.</param>
    public void Always(string name, Func<MachineEvent, string?> check)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(check);
        _monitor.Add(new DelegateInvariant(name, check));
    }
}

namespace EvlActors.TestKit;

/// <summary>Holds the event stream of one run against every invariant; the first that is violated ends the run.</summary>
internal sealed class InvariantMonitor(SimulationEngine engine)
{
    private IInvariant[] _invariants = [];

    internal void Watch(EvlMachine machine)
    {
        var bytes = new StreamInvariant(engine.Unhandled);
        machine.Context.RingWatch = bytes;
        _invariants = [new ReferenceInvariant(), new IndexInvariant(machine), new CallInvariant(engine), bytes, new MessageInvariant(engine)];
        machine.Events.Subscribe(Happened);
    }

    internal void Add(IInvariant invariant) => _invariants = [.. _invariants, invariant];

    internal void AtEnd()
    {
        foreach (IInvariant invariant in _invariants)
        {
            if (invariant.Ended() is { } what)
                throw new SimulationFailedException(engine.Seed, new InvariantViolatedException(invariant.Name, what));
        }
    }

    // Thrown here it would be the listener's end, not the run's.
    private void Happened(MachineEvent happened)
    {
        foreach (IInvariant invariant in _invariants)
        {
            try
            {
                if (invariant.Happened(happened) is { } what)
                    engine.Unhandled(new InvariantViolatedException(invariant.Name, what));
            }
            catch (Exception e)
            {
                engine.Unhandled(e);
            }
        }
    }
}

using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>Holds the events of one run against every invariant; the first that is violated ends the run.</summary>
internal sealed class InvariantMonitor(SimulationEngine engine) : IEventWatch
{
    private EvlMachine _machine = null!; // set by Watch, before anything happens
    private ReferenceInvariant _references = null!; // as above
    private IndexInvariant _index = null!; // as above
    private CallInvariant _calls = null!; // as above
    private readonly List<IInvariant> _all = new(capacity: 8);

    // Those that a scenario has added: code that nobody knows, so they hear of events as listeners do.
    private IInvariant[] _added = [];

    internal void Watch(EvlMachine machine)
    {
        _machine = machine;
        _references = new ReferenceInvariant();
        _index = new IndexInvariant(machine);
        _calls = new CallInvariant(engine);
        var bytes = new StreamInvariant(engine.Unhandled);
        machine.Context.RingWatch = bytes;
        _all.AddRange([_references, _index, _calls, bytes, new MessageInvariant(engine)]);
        machine.Events.Watch(
            this,
            MachineEventKind.CallEntered, MachineEventKind.CallAsleep, MachineEventKind.CallWoken, MachineEventKind.CallAnswered,
            MachineEventKind.InBandReferenceTaken, MachineEventKind.InBandReferencePut,
            MachineEventKind.OobReferenceTaken, MachineEventKind.OobReferencePut,
            MachineEventKind.ReleaseBegun, MachineEventKind.ReleaseOobDone, MachineEventKind.ReleaseDone,
            MachineEventKind.ProcessForked, MachineEventKind.DriverWarning);
    }

    internal void Add(IInvariant invariant)
    {
        if (_added.Length == 0)
            _machine.Events.Subscribe(HoldAgainstAdded);
        _added = [.. _added, invariant];
        _all.Add(invariant);
    }

    internal void AtEnd()
    {
        foreach (IInvariant invariant in _all)
        {
            if (invariant.Ended() is { } what)
                throw new SimulationFailedException(engine.Seed, new InvariantViolatedException(invariant.Name, what));
        }
    }

    // By their types: this is called a hundred times in a run.
    public void Happened(in MachineEvent happened)
    {
        try
        {
            if (_references.Happened(happened) is { } wrongReference)
                Violated(_references, wrongReference);
            if (_index.Happened(happened) is { } wrongEntry)
                Violated(_index, wrongEntry);
            if (_calls.Happened(happened) is { } wrongCall)
                Violated(_calls, wrongCall);
        }
        catch (Exception e)
        {
            engine.Unhandled(e);
        }
    }

    // Thrown here it would be the listener's end, not the run's.
    private void HoldAgainstAdded(MachineEvent happened)
    {
        foreach (IInvariant invariant in _added)
        {
            try
            {
                if (invariant.Happened(happened) is { } what)
                    Violated(invariant, what);
            }
            catch (Exception e)
            {
                engine.Unhandled(e);
            }
        }
    }

    private void Violated(IInvariant invariant, string what) =>
        engine.Unhandled(new InvariantViolatedException(invariant.Name, what));
}

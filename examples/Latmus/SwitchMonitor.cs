using EvlActors;

namespace Latmus;

/// <summary>Counts the responder's in-band switches that it did not ask for, and says which of them end the run.</summary>
internal sealed class SwitchMonitor : IDisposable
{
    private readonly int _tid;
    private readonly Action<SwitchCause> _onSwitch;
    private readonly IDisposable _subscription;
    private int _count;

    /// <summary>Begins to count.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="responder">Whose switches count.</param>
    /// <param name="onSwitch">Told of each; in a turn, so it must be quick and must not block.</param>
    public SwitchMonitor(EvlMachine machine, UserThread responder, Action<SwitchCause> onSwitch)
    {
        _tid = responder.Tid;
        _onSwitch = onSwitch;
        _subscription = machine.Events.Subscribe(OnEvent);
    }

    /// <summary>How many there were.</summary>
    public uint Count => (uint)Volatile.Read(ref _count);

    /// <summary>Whether a cause is a switch to be counted; any other one is a diagnosis that ends the program.</summary>
    public static bool IsSwitch(SwitchCause cause) =>
        cause is SwitchCause.SigDemote or SwitchCause.SysDemote or SwitchCause.ExDemote or SwitchCause.LockDependency;

    /// <summary>Counts no more.</summary>
    public void Dispose() => _subscription.Dispose();

    private void OnEvent(MachineEvent happened)
    {
        if (happened.Kind != MachineEventKind.SwitchedInBand || happened.Tid != _tid || happened.Count <= 0)
            return;
        var cause = (SwitchCause)happened.Count;
        if (IsSwitch(cause))
            Interlocked.Increment(ref _count);
        _onSwitch(cause);
    }
}

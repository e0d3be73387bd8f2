using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>
/// A call that is held at a point of its way, from <see cref="SimulationScenario.Hold"/>: it lies at the head of the mailbox of the actor that
/// would go on with it, and that actor takes no turn, but for what ranks higher. So nothing happens that the machine rules out. Of one run.
/// </summary>
public sealed class HeldCall
{
    private readonly SimulationEngine _engine;
    private readonly TaskCompletionSource<MachineEvent> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly UserThread _thread;
    private readonly MachineEventKind _point;
    private readonly IDisposable _subscription;
    private MachineEvent? _happened;
    private bool _isLetGo;
    private Message? _message;
    private SimulatedActor? _at;

    internal HeldCall(SimulationEngine engine, UserThread thread, MachineEventKind point)
    {
        _engine = engine;
        _thread = thread;
        _point = point;
        _subscription = thread.Process.Machine.Events.Subscribe(Happened);
    }

    /// <summary>Completes when the call is held there, with the event that is its point.</summary>
    public Task<MachineEvent> Reached => _reached.Task;

    /// <summary>Lets it go, or, if it has not come there yet, pass. A second time does nothing.</summary>
    public void LetGo()
    {
        if (_isLetGo)
            return;
        _isLetGo = true;
        _subscription.Dispose();
        _engine.Forget(this);
        if (_message is not null)
            _at!.GoOn(); // held somewhere
    }

    /// <summary>Whose call is held where, or waited for.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        _message is null ? $"{_thread.Name} at its next {_point}, where it has not come" : $"{_thread.Name} at {_point}, by {_at}";

    internal bool Holds(Message message) => message == _message;

    /// <summary>A message comes into a mailbox.</summary>
    internal void Came(SimulatedActor to, Message message)
    {
        if (_happened is not { } happened || _message is not null || ThreadOf(message)?.Tid != _thread.Tid)
            return;
        _message = message;
        _at = to;
        _reached.TrySetResult(happened);
    }

    /// <summary>The thread whose call a message is, or goes on with; null: of none.</summary>
    internal static ThreadInfo? ThreadOf(Message message) => message switch
    {
        Call call => call.Thread,
        { Caller: SimulatedCaller { Entry: Call entered } } => entered.Thread,
        _ => null,
    };

    private void Happened(MachineEvent happened)
    {
        if (happened.Kind == _point && happened.Tid == _thread.Tid)
            _happened ??= happened;
    }
}

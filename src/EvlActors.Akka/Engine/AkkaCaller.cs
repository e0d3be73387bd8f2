using System.Threading.Tasks.Sources;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>The door of one outside caller; its thread never runs actors.</summary>
internal sealed class AkkaCaller(AkkaEngine engine) : Caller
{
    private readonly object _gate = new(); // where the thread of a blocking entry waits
    private ManualResetValueTaskSourceCore<bool> _entry = new() { RunContinuationsAsynchronously = true };
    private bool _hasEntered;
    private int _isInFlight;

    public override bool IsAnswered =>
        Volatile.Read(ref _hasEntered) && _entry.GetStatus(_entry.Version) != ValueTaskSourceStatus.Pending;

    public override void Enter(ActorRef target, Message message, Rank rank)
    {
        if (Interlocked.Exchange(ref _isInFlight, 1) != 0)
        {
            throw new InvalidOperationException(
                "The last entry has not been answered: a caller makes one call at a time. Create a second caller for a second call.");
        }
        _entry.Reset();
        Volatile.Write(ref _hasEntered, true);
        message.Caller = this;
        target.Tell(message, rank);
    }

    public override void EnterAndWait(ActorRef target, Message message, Rank rank)
    {
        if (AkkaCell.IsInTurn)
        {
            throw new InvalidOperationException(
                "A blocking call was made in a turn: it would wait for itself. Send a message, or make the call from a thread of your own.");
        }
        Enter(target, message, rank);
        engine.Park(this);
        lock (_gate)
        {
            while (!IsAnswered && !engine.IsGone)
                Monitor.Wait(_gate);
        }
        engine.Unpark(this);
        ObjectDisposedException.ThrowIf(!IsAnswered, engine);
    }

    public override void Answer()
    {
        if (Interlocked.Exchange(ref _isInFlight, 0) == 0)
            throw new InvalidOperationException("The caller has no entry in flight: an entry is answered once.");
        _entry.SetResult(true);
        Wake();
    }

    public override void OnAnswered(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags) =>
        _entry.OnCompleted(continuation, state, _entry.Version, flags);

    /// <summary>Has a waiting thread look again whether it is answered, or the engine gone.</summary>
    internal void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}

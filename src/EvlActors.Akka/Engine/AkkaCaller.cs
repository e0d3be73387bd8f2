using System.Threading.Tasks.Sources;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>The door of one outside caller; its thread never runs actors.</summary>
internal sealed class AkkaCaller(AkkaEngine engine) : Caller
{
    private readonly object _gate = new(); // where the thread of a blocking entry waits
    private ManualResetValueTaskSourceCore<bool> _entry = new() { RunContinuationsAsynchronously = true };
    private bool _hasEntered;
    private bool _isBlocking;
    private Message? _inFlight;

    public override bool IsAnswered =>
        Volatile.Read(ref _hasEntered) && _entry.GetStatus(_entry.Version) != ValueTaskSourceStatus.Pending;

    public override void Enter(ActorRef target, Message message, Rank rank)
    {
        if (Interlocked.CompareExchange(ref _inFlight, message, null) is not null)
        {
            throw new InvalidOperationException(
                "The last entry has not been answered: a caller makes one call at a time. Create a second caller for a second call.");
        }
        _entry.Reset();
        Volatile.Write(ref _hasEntered, true);
        message.Caller = this;
        engine.Entered(this);
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
        _isBlocking = true;
        lock (_gate)
        {
            while (!IsAnswered && !engine.IsGone)
                Monitor.Wait(_gate);
        }
        _isBlocking = false;
        ObjectDisposedException.ThrowIf(!IsAnswered, engine);
    }

    public override void Answer()
    {
        if (Interlocked.Exchange(ref _inFlight, null) is null)
            throw new InvalidOperationException("The caller has no entry in flight: an entry is answered once.");
        engine.Answered(this);
        _entry.SetResult(true);
        Wake();
    }

    public override void OnAnswered(Action<object?> continuation, object? state, ValueTaskSourceOnCompletedFlags flags) =>
        _entry.OnCompleted(continuation, state, _entry.Version, flags);

    /// <summary>
    /// The engine is gone, and with it the actor that had the entry: a waiting thread returns, and who awaits it is answered by
    /// what an entry that nobody handles does.
    /// </summary>
    internal void Abandon()
    {
        if (_isBlocking)
            Wake();
        else
            Volatile.Read(ref _inFlight)?.Undeliverable(UndeliverableReason.EngineDisposed);
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.PulseAll(_gate);
    }
}

using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>
/// The way back from something that is no actor's (a Task, a pipe): called on any thread, it sends itself to the handler's actor.
/// Numbered, so that one that comes after the handler was abandoned is ignored.
/// </summary>
internal sealed class ForeignContinuation : Resumption
{
    private static readonly int s_kind = LanePool.NewKind();

    private Resumption? _handler;
    private int _suspensionAwaited;
    private int _isAwaited;
    private IoContext? _context;
    private Rank _rank;

    private ForeignContinuation() => Action = Completed;

    /// <summary>What the foreign awaiter calls, once.</summary>
    internal Action Action { get; }

    /// <summary>Rents a continuation for the suspension that just began, in a turn of the handler's actor.</summary>
    internal static ForeignContinuation For(Resumption handler)
    {
        AsyncActor owner = handler.Owner;
        var continuation = (ForeignContinuation?)owner.Pool.Rent(s_kind) ?? new ForeignContinuation();
        continuation.Owner = owner;
        continuation.Caller = owner.TurnCaller;
        continuation._handler = handler;
        continuation._suspensionAwaited = handler.Suspension;
        continuation._rank = owner.TurnRank;
        continuation._isAwaited = 1;
        continuation._context = owner.TurnContext;
        handler.Awaited = continuation;
        owner.Engine.ForeignWaitBegun();
        owner.AwaitsForeign(owner.TurnContext);
        if (owner.TurnContext is { IsAbandoned: true })
            continuation.Abandon();
        return continuation;
    }

    internal override void Resume()
    {
        Resumption handler = _handler!; // set while it is rented
        int awaited = _suspensionAwaited;
        bool isAbandoned = _context is { IsAbandoned: true };
        _handler = null;
        _context = null;
        Caller = null;
        Owner.Pool.Return(s_kind, this);
        if (isAbandoned || handler.Suspension != awaited)
            return;
        handler.Awaited = null;
        handler.Resume();
    }

    /// <summary>
    /// The engine need not wait for it any more. It may come all the same, so it is not in the pool before it does.
    /// </summary>
    internal override void Abandon()
    {
        if (Interlocked.Exchange(ref _isAwaited, 0) != 0)
            Owner.Engine.ForeignWaitEnded();
    }

    /// <summary>The foreign awaiter threw instead of keeping it, and may call it or not: whatever comes is ignored.</summary>
    internal void Refused()
    {
        _suspensionAwaited = -1;
        Abandon();
    }

    private void Completed()
    {
        // Told before the engine hears of the end: a simulation that waited finds the message there. Once told, it may be in
        // use again for another handler, so nothing is read from it after.
        IActorEngine engine = Owner.Engine;
        bool isAwaited = Interlocked.Exchange(ref _isAwaited, 0) != 0;
        Post(_rank, Caller);
        if (isAwaited)
            engine.ForeignWaitEnded();
    }
}

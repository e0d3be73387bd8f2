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
        continuation._context = owner.TurnContext;
        owner.Engine.ForeignWaitBegun();
        owner.AwaitsForeign(owner.TurnContext);
        return continuation;
    }

    internal override void Resume()
    {
        Resumption handler = _handler!; // set while it is rented
        int awaited = _suspensionAwaited;
        bool isAbandoned = _context is { IsAbandoned: true };
        _handler = null;
        _context = null;
        Owner.Pool.Return(s_kind, this);
        if (handler.Suspension == awaited && !isAbandoned)
            handler.Resume();
    }

    private void Completed()
    {
        // Told before the engine hears of the end: a simulation that waited finds the message there.
        IActorEngine engine = Owner.Engine;
        Post(_rank, Caller);
        engine.ForeignWaitEnded();
    }
}

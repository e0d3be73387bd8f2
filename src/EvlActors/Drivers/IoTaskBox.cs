using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>The state of one suspended handler. Owned by its actor; rented from the lane and given back when its result was taken.</summary>
internal abstract class IoTaskBox<T> : Resumption
{
    private T _result = default!; // set before IsEnded
    private ExceptionDispatchInfo? _error;

    // Who awaits the end of this handler: a handler of the same actor, or the actor's shell.
    private Resumption? _awaiting;

    /// <summary>Counts the uses of a pooled box, so that an IoTask of an earlier use is told from this one's.</summary>
    internal int Use { get; private set; }

    internal bool IsEnded { get; private set; }

    /// <summary>What the handler runs as; kept over its suspensions.</summary>
    private protected IoContext? Context { get; private set; }

    /// <summary>Never true of a box in the pool: what still knows an abandoned one must not meet its next use.</summary>
    private protected bool IsAbandoned { get; private set; }

    internal void BeginSuspension(AsyncActor owner)
    {
        Owner = owner;
        Context = owner.TurnContext;
        Suspension++;
    }

    internal void End(T result)
    {
        _result = result;
        EndedNow();
    }

    internal void Fail(Exception error)
    {
        _error = ExceptionDispatchInfo.Capture(error);
        EndedNow();
    }

    internal void BeAwaitedBy(Resumption next)
    {
        if (_awaiting is not null)
            throw new InvalidOperationException("An IoTask is awaited at most once.");
        if (next.Owner != Owner)
            throw new InvalidOperationException(
                $"An IoTask is awaited on its own actor: that of {Owner.Self} was awaited in a turn of {next.Owner.Self}.");
        _awaiting = next;
        next.Awaited = this;
    }

    internal override void Abandon()
    {
        if (IsEnded)
            return;
        IsAbandoned = true;
        Suspension++;
        _awaiting = null;
        Awaited?.Abandon();
        Awaited = null;
    }

    internal T TakeResult()
    {
        if (!IsEnded)
            throw new InvalidOperationException(
                "The handler has not ended: an IoTask is awaited, by a method that returns IoTask, on the same actor.");
        T result = _result;
        ExceptionDispatchInfo? error = _error;
        _result = default!; // the box keeps nothing alive in the pool
        _error = null;
        IsEnded = false;
        _awaiting = null;
        Context = null;
        Use++;
        Suspension++;
        Recycle();
        error?.Throw();
        return result;
    }

    /// <summary>Gives the box back to its lane.</summary>
    protected abstract void Recycle();

    private void EndedNow()
    {
        IsEnded = true;
        // Null: the method ended before anybody could await it, or was abandoned.
        if (_awaiting is null)
            return;
        // Same actor, same turn: the awaiting handler goes on at once.
        _awaiting.Awaited = null;
        _awaiting.Resume();
    }
}

/// <summary>The box of one async method's state machine.</summary>
internal sealed class IoTaskBox<T, TStateMachine> : IoTaskBox<T>
    where TStateMachine : IAsyncStateMachine
{
    private static readonly int s_kind = LanePool.NewKind();

    internal TStateMachine StateMachine = default!; // set by Rent's caller, before the first suspension

    internal static IoTaskBox<T, TStateMachine> Rent(AsyncActor owner) =>
        (IoTaskBox<T, TStateMachine>?)owner.Pool.Rent(s_kind) ?? new IoTaskBox<T, TStateMachine>();

    internal override void Resume()
    {
        if (IsAbandoned)
            return;
        Owner.TurnContext = Context;
        StateMachine.MoveNext();
    }

    protected override void Recycle()
    {
        StateMachine = default!; // the locals of the method are not kept alive
        // A method that failed before its first suspension has no lane to return to.
        Owner?.Pool.Return(s_kind, this);
    }
}

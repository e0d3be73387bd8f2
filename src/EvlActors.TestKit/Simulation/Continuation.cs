using EvlActors.Actors;

namespace EvlActors.TestKit;

/// <summary>What a body does next: a callback on its way to the body's pseudo-actor.</summary>
internal sealed class Continuation : Message
{
    private static readonly int s_kind = LanePool.NewKind();

    private SendOrPostCallback? _posted;
    private Action<object?>? _action;
    private object? _state;
    private SimulatedBody? _body;

    public static Continuation For(SimulatedBody body, LanePool? pool, SendOrPostCallback callback, object? state)
    {
        Continuation continuation = Rent(body, pool, state);
        continuation._posted = callback;
        return continuation;
    }

    public static Continuation For(SimulatedBody body, LanePool? pool, Action<object?> action, object? state)
    {
        Continuation continuation = Rent(body, pool, state);
        continuation._action = action;
        return continuation;
    }

    public void Run(LanePool pool)
    {
        SendOrPostCallback? posted = _posted;
        Action<object?>? action = _action;
        object? state = _state;
        _posted = null;
        _action = null;
        _state = null;
        pool.Return(s_kind, this);
        posted?.Invoke(state);
        action?.Invoke(state);
    }

    public override string ToString() => $"a continuation of {_body}";

    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }

    private static Continuation Rent(SimulatedBody body, LanePool? pool, object? state)
    {
        Continuation continuation = (Continuation?)pool?.Rent(s_kind) ?? new Continuation();
        continuation._state = state;
        continuation._body = body;
        return continuation;
    }
}

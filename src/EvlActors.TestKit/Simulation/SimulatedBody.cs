using EvlActors.Actors;

namespace EvlActors.TestKit;

/// <summary>
/// The pseudo-actor of one body: its start and its continuations are its messages, so the seed decides when they run and they
/// run in order.
/// </summary>
internal sealed class SimulatedBody : Actor
{
    private static readonly Action<object?> s_begin = static body => ((SimulatedBody)body!).Begin();

    private readonly SimulationEngine _engine;
    private readonly BodyContext _context;
    private readonly int _number;
    private readonly Func<Task>? _body;
    // Its continuations are not made asynchronous: that would be the thread pool. A body that awaits it has a context of its
    // own, so it is posted there.
    private readonly TaskCompletionSource _ended = new();

    /// <param name="engine">The engine that made it.</param>
    /// <param name="body">The body, or null for code outside that is only called back.</param>
    /// <param name="number">Which of the bodies it is, in the order in which they were run; the scenario is 0.</param>
    internal SimulatedBody(SimulationEngine engine, Func<Task>? body, int number)
    {
        _engine = engine;
        _context = new BodyContext(this);
        _body = body;
        _number = number;
    }

    public Task Ended => _ended.Task;

    /// <summary>The last caller that it entered by: whose thread it is.</summary>
    internal SimulatedCaller? LastCaller { get; set; }

    /// <summary>The count of callers in flight that continue it, while that is counted; owned by the engine.</summary>
    internal long Mark { get; set; }

    public void Start() => Post(s_begin, this);

    public void Post(SendOrPostCallback callback, object? state) =>
        Self.Tell(Continuation.For(this, _engine.PoolOrNull, callback, state), Rank.InBand);

    public void Post(Action<object?> action, object? state) =>
        Self.Tell(Continuation.For(this, _engine.PoolOrNull, action, state), Rank.InBand);

    public override string ToString() =>
        _number == 0 ? "the scenario" : LastCaller?.Thread is { } thread ? $"the body of {thread.Name}" : $"{Self.Name} {_number}";

    protected internal override void Receive(Message message)
    {
        _engine.RunningBody = this;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            ((Continuation)message).Run(Pool);
        }
        catch (Exception e)
        {
            _engine.Unhandled(e);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(null);
            _engine.RunningBody = null;
        }
    }

    private void Begin()
    {
        Task task;
        try
        {
            task = _body!(); // Start is for those that have one
        }
        catch (Exception e)
        {
            task = Task.FromException(e);
        }
        if (task.IsCompleted)
            End(task);
        else
            task.GetAwaiter().UnsafeOnCompleted(() => End(task));
    }

    private void End(Task task)
    {
        _engine.BodyEnded();
        // Under this context, continuations that asked for none would go to the thread pool; under none they run here.
        SynchronizationContext.SetSynchronizationContext(null);
        _ended.SetFromTask(task);
        SynchronizationContext.SetSynchronizationContext(_context);
    }
}

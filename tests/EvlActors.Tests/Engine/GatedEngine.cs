using EvlActors.Actors;

namespace EvlActors.Tests.Engine;

/// <summary>An engine whose spawns, callers and end a test can hold up.</summary>
internal sealed class GatedEngine(IActorEngine engine) : IActorEngine
{
    public Action<string> Spawning { get; set; } = static _ => { };

    public Action Entered { get; set; } = static () => { };

    public Func<Task> Disposing { get; set; } = static () => Task.CompletedTask;

    public long MonotonicNs => engine.MonotonicNs;

    public DateTimeOffset UtcNow => engine.UtcNow;

    public ActorRef Spawn(Actor actor, SpawnOptions options)
    {
        Spawning(options.Name);
        return engine.Spawn(actor, options);
    }

    public void Stop(ActorRef actor) => engine.Stop(actor);

    public Caller CreateCaller(int realTimePriority = 0) => new GatedCaller(this, engine.CreateCaller(realTimePriority));

    public void Arm(ActorTimer timer, long dueNs) => engine.Arm(timer, dueNs);

    public void Disarm(ActorTimer timer) => engine.Disarm(timer);

    public ulong NextRandom() => engine.NextRandom();

    public Task RunBody(Func<Task> body) => engine.RunBody(body);

    public Task StartThread(ThreadOptions options, Action body) => engine.StartThread(options, body);

    public void ForeignWaitBegun() => engine.ForeignWaitBegun();

    public void ForeignWaitEnded() => engine.ForeignWaitEnded();

    public async ValueTask DisposeAsync()
    {
        await Disposing();
        await engine.DisposeAsync();
    }
}

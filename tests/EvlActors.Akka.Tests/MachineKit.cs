using Akka.Actor;
using Akka.TestKit;
using Xunit;
using AkkaKit = Akka.TestKit.Xunit2.TestKit;

namespace EvlActors.Akka.Tests;

/// <summary>One machine in an actor system of its own, and a probe that hears of what happens in it.</summary>
public abstract class MachineKit : AkkaKit, IAsyncLifetime
{
    /// <summary>How long a test waits for what has to happen.</summary>
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lazy<AkkaMachine> _machine;

    protected MachineKit(string? config = null)
        : base((config is null ? "" : config + "\n") + "akka.test.default-timeout = 20s\nakka.test.single-expect-default = 20s\nakka.loglevel = WARNING")
    {
        Happened = CreateTestProbe("happened");
        Sys.EventStream.Subscribe(Happened, typeof(EvlEvent));
        _machine = new Lazy<AkkaMachine>(() => new AkkaMachine(Sys));
    }

    /// <summary>The machine, made when first asked for.</summary>
    protected AkkaMachine Host => _machine.Value;

    /// <summary>The machine.</summary>
    protected EvlMachine Machine => Host.Machine;

    /// <summary>Hears of every event of every machine.</summary>
    protected TestProbe Happened { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_machine.IsValueCreated)
            await _machine.Value.DisposeAsync();
    }

    /// <summary>Waits until something has happened; what happened before it is passed over.</summary>
    protected async Task<MachineEvent> Until(Func<MachineEvent, bool> wanted)
    {
        EvlEvent found = await Happened.FishForMessageAsync<EvlEvent>(happened => wanted(happened.Event), Limit);
        return found.Event;
    }

    /// <summary>An attached FIFO thread.</summary>
    protected static async Task<UserThread> OobThread(EvlProcess process, int priority = 50)
    {
        UserThread thread = process.CreateThread(SchedPolicy.Fifo, priority);
        await thread.AttachAsync().OrThrow();
        return thread;
    }
}

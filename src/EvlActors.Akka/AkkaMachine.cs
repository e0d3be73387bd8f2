using Akka.Actor;
using EvlActors.Akka.Engine;
using EvlActors.Akka.Log;

namespace EvlActors.Akka;

/// <summary>
/// A machine in an Akka.NET actor system: its actors are Akka actors under one path, it logs to the system's log, publishes what
/// happens on the system's EventStream as <see cref="EvlEvent"/>, and takes <see cref="Syscall"/> messages from any Akka actor.
/// </summary>
public sealed class AkkaMachine : IAsyncDisposable
{
    private readonly AkkaMachines _all;

    /// <summary>Starts a machine. Does not block.</summary>
    /// <param name="system">The actor system; it may have several machines, each with a name of its own.</param>
    /// <param name="options">How; null: the defaults.</param>
    /// <exception cref="InvalidActorNameException">There is an actor of this name already, or it can't be a name.</exception>
    /// <exception cref="ArgumentException">The machine's options name an engine.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public AkkaMachine(ActorSystem system, AkkaMachineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(system);
        options ??= new AkkaMachineOptions();
        if (options.Machine.Engine is not null)
            throw new ArgumentException($"{nameof(EvlMachineOptions.Engine)} is Akka here: leave it out.", nameof(options));
        Name = options.Name;
        System = system;
        var engine = new AkkaEngine(system, options.Name, options.Engine);
        try
        {
            Machine = new EvlMachine(options.Machine with
            {
                Engine = engine,
                LoggerFactory = options.Machine.LoggerFactory ?? new AkkaLoggerFactory(system, options.Name),
            });
        }
        catch
        {
            _ = engine.End();
            throw;
        }
        Root = engine.Root;
        Router = engine.AddRouter(Machine.Dovetail);
        if (options.PublishEvents)
            Machine.Events.Subscribe(happened => system.EventStream.Publish(new EvlEvent(Name, happened)));
        _all = AkkaMachines.Of(system);
        _all.Add(this);
        _ = EndWith(engine);
    }

    /// <summary>Its name: /user/<c>Name</c> is the path of its actors.</summary>
    public string Name { get; }

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>The machine.</summary>
    public EvlMachine Machine { get; }

    /// <summary>
    /// Takes <see cref="Syscall"/> messages and answers the sender of each, or its <see cref="Syscall.ReplyTo"/> if it has one,
    /// with a <see cref="SyscallResult"/>; <c>Ask</c> works. An answer that nobody waits for any more is dropped. When the
    /// machine has ended the answer is ESRCH.
    /// </summary>
    public IActorRef Router { get; }

    /// <summary>The actor above all of its actors; watch it to hear of its end.</summary>
    public IActorRef Root { get; }

    /// <summary>Finds a machine of an actor system.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="name">Its name.</param>
    /// <returns>The machine; null: there is none of this name, or it was disposed of.</returns>
    public static AkkaMachine? Find(ActorSystem system, string name = AkkaMachineOptions.DefaultName)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(name);
        return AkkaMachines.Of(system).Find(name);
    }

    /// <summary>
    /// Ends the machine, as <see cref="EvlMachine.DisposeAsync"/> does; the actor system goes on. A machine that was not disposed of
    /// ends with CoordinatedShutdown, in the phase service-stop.
    /// </summary>
    /// <returns>Completes when the machine has ended.</returns>
    public ValueTask DisposeAsync()
    {
        _all.Remove(this);
        return Machine.DisposeAsync();
    }

    private async Task EndWith(AkkaEngine engine)
    {
        await engine.WhenStopped.ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }
}

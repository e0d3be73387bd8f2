using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using EvlActors.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace EvlActors.Akka.Hosting;

/// <summary>Machines in a host that Akka.Hosting configures.</summary>
public static class EvlHostingExtensions
{
    /// <summary>
    /// Starts a machine with the host: its router is registered as <see cref="EvlRouter"/>, the actor above its actors as
    /// <see cref="EvlMachineRoot"/>. It ends with CoordinatedShutdown, in the phase service-stop, before the actor system does. If
    /// it can't start, or <paramref name="configure"/> throws, that is logged and the host does not start.
    /// </summary>
    /// <param name="builder">The host's Akka configuration. Actors that send to the router are added after this.</param>
    /// <param name="configure">Adds devices and files, makes processes; null: nothing.</param>
    /// <param name="options">How the machine is made; null: the defaults.</param>
    /// <returns>The builder.</returns>
    public static AkkaConfigurationBuilder WithEvl(
        this AkkaConfigurationBuilder builder, Action<AkkaMachine>? configure = null, AkkaMachineOptions? options = null) =>
        WithEvl<EvlRouter, EvlMachineRoot>(builder, Started(configure), options);

    /// <summary><inheritdoc cref="WithEvl(AkkaConfigurationBuilder, Action{AkkaMachine}?, AkkaMachineOptions?)" path="/summary"/></summary>
    /// <param name="builder">The host's Akka configuration. Actors that send to the router are added after this.</param>
    /// <param name="configure">Adds devices and files, makes processes.</param>
    /// <param name="options">How the machine is made; null: the defaults.</param>
    /// <returns>The builder.</returns>
    public static AkkaConfigurationBuilder WithEvl(
        this AkkaConfigurationBuilder builder, Func<AkkaMachine, Task> configure, AkkaMachineOptions? options = null) =>
        WithEvl<EvlRouter, EvlMachineRoot>(builder, configure, options);

    /// <summary>
    /// As <see cref="WithEvl(AkkaConfigurationBuilder, Action{AkkaMachine}?, AkkaMachineOptions?)"/>, under keys of your own: for
    /// another machine in the same actor system, whose options have a name of its own too.
    /// </summary>
    /// <typeparam name="TRouter">The key of its router.</typeparam>
    /// <typeparam name="TRoot">The key of the actor above its actors.</typeparam>
    /// <param name="builder">The host's Akka configuration. Actors that send to the router are added after this.</param>
    /// <param name="configure">Adds devices and files, makes processes.</param>
    /// <param name="options">How the machine is made; null: the defaults.</param>
    /// <returns>The builder.</returns>
    public static AkkaConfigurationBuilder WithEvl<TRouter, TRoot>(
        this AkkaConfigurationBuilder builder, Func<AkkaMachine, Task> configure, AkkaMachineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        options ??= new AkkaMachineOptions();
        return builder.StartActors(async (system, registry) =>
        {
            try
            {
                // Ended by CoordinatedShutdown, which a host that fails to start runs too.
                var machine = new AkkaMachine(system, options);
                registry.Register<TRouter>(machine.Router);
                registry.Register<TRoot>(machine.Root);
                await configure(machine).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Logging.GetLogger(system, options.Name).Error(e, "The machine {0} could not be started.", options.Name);
                throw;
            }
        });
    }

    /// <summary>
    /// Puts the machine of <c>services.AddEvl(...)</c> into the host's actor system, which <c>AddAkka</c> adds: with options from the
    /// configuration, drivers made with the host's services, health check, metrics, and the host's log. Its router and the actor above
    /// its actors are in the ActorRegistry as with <see cref="WithEvl(AkkaConfigurationBuilder, Action{AkkaMachine}?, AkkaMachineOptions?)"/>,
    /// before the actors that <c>AddAkka</c> starts.
    /// </summary>
    /// <param name="builder">What AddEvl returned.</param>
    /// <param name="configure">Changes how the machine is made: its name, its dispatchers; null: the defaults.</param>
    /// <returns>The builder.</returns>
    public static EvlBuilder InActorSystem(this EvlBuilder builder, Func<AkkaMachineOptions, AkkaMachineOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseMachine((services, options) =>
        {
            var system = services.GetRequiredService<ActorSystem>();
            var asked = new AkkaMachineOptions { Machine = options };
            var machine = new AkkaMachine(system, configure?.Invoke(asked) ?? asked);
            ActorRegistry registry = ActorRegistry.For(system);
            registry.Register<EvlRouter>(machine.Router);
            registry.Register<EvlMachineRoot>(machine.Root);
            return machine.Machine;
        });
    }

    private static Func<AkkaMachine, Task> Started(Action<AkkaMachine>? configure) => machine =>
    {
        configure?.Invoke(machine);
        return Task.CompletedTask;
    };
}

using EvlActors.Drivers;
using EvlActors.Hosting.Health;
using EvlActors.Hosting.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace EvlActors.Hosting;

/// <summary>Adds to a host's machine what it has from the start. What is added is done in that order when the host starts.</summary>
public sealed class EvlBuilder
{
    internal EvlBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Makes the machine on another engine than the priority engine, as <c>InActorSystem</c> of EvlActors.Akka does.</summary>
    /// <param name="make">Makes it, of the host's services and of options that have no engine yet. Called once, when the host
    /// makes its services.</param>
    /// <returns>The builder.</returns>
    public EvlBuilder UseMachine(Func<IServiceProvider, EvlMachineOptions, EvlMachine> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        Services.Replace(ServiceDescriptor.Singleton(new EvlMaker(make)));
        return this;
    }

    /// <summary>Adds a device node, whose driver is made with the host's services.</summary>
    /// <typeparam name="TDriver">The driver's type; its constructor's parameters are services.</typeparam>
    /// <param name="path">The node, such as "/dev/sensor".</param>
    /// <param name="lane">The lane of the device and its files; by default by the operations it overrides.</param>
    /// <param name="access">Who owns the node and may open it; null: root's, for everybody.</param>
    /// <returns>The builder.</returns>
    public EvlBuilder AddDevice<TDriver>(string path, DeviceLane lane = DeviceLane.Auto, NodeAccess? access = null)
        where TDriver : CharDevice
    {
        ArgumentNullException.ThrowIfNull(path);
        return Configure((services, machine) => machine.AddDevice(path, () => ActivatorUtilities.CreateInstance<TDriver>(services), lane, access));
    }

    /// <summary>Runs code on the machine before anybody uses it: adds devices and files, makes processes.</summary>
    /// <param name="configure">The code; if it throws, the host does not start.</param>
    /// <returns>The builder.</returns>
    public EvlBuilder Configure(Action<EvlMachine> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Configure((_, machine) => configure(machine));
    }

    /// <summary><inheritdoc cref="Configure(Action{EvlMachine})" path="/summary"/></summary>
    /// <param name="configure">The code, with the host's services; if it throws, the host does not start.</param>
    /// <returns>The builder.</returns>
    public EvlBuilder Configure(Action<IServiceProvider, EvlMachine> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Configure((services, machine, _) =>
        {
            configure(services, machine);
            return Task.CompletedTask;
        });
    }

    /// <summary><inheritdoc cref="Configure(Action{EvlMachine})" path="/summary"/></summary>
    /// <param name="configure">The code, with the host's services and the cancellation of its start; if it throws, the host does
    /// not start.</param>
    /// <returns>The builder.</returns>
    public EvlBuilder Configure(Func<IServiceProvider, EvlMachine, CancellationToken, Task> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Services.AddSingleton(new EvlSetup(configure));
        return this;
    }

    /// <summary>
    /// Adds the machine's instruments to the host's <see cref="System.Diagnostics.Metrics.IMeterFactory"/>, in the meter
    /// <see cref="EvlServices.MeterName"/>. While nobody listens to them they cost no call anything; once a second it is looked who does.
    /// </summary>
    /// <returns>The builder. A second call adds nothing.</returns>
    public EvlBuilder AddMetrics()
    {
        if (Has<EvlMeter>())
            return this;
        Services.AddSingleton<EvlMeter>();
        return Configure((services, machine) => services.GetRequiredService<EvlMeter>().Watch(machine));
    }

    /// <summary>
    /// Adds a health check: both stages answer, no file's release is stuck, no actor of the machine has failed. It listens to
    /// the machine's releases, which costs the last close of a file a little.
    /// </summary>
    /// <param name="name">Its name; "evl" by default.</param>
    /// <param name="tags">Tags that it has beside <see cref="EvlServices.HealthTag"/>, such as "live"; null: none.</param>
    /// <returns>The builder. A second call, with another name, registers the same check once more.</returns>
    public EvlBuilder AddHealthCheck(string name = "evl", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Services.AddHealthChecks().AddCheck<EvlHealthCheck>(name, HealthStatus.Unhealthy, [EvlServices.HealthTag, .. tags ?? []]);
        if (Has<EvlHealthCheck>())
            return this;
        Services.AddSingleton<EvlHealthCheck>();
        // From the start on, so that it knows every release that has begun.
        return Configure((services, machine) => services.GetRequiredService<EvlHealthCheck>().Watch(machine));
    }

    private bool Has<TService>() => Services.Any(service => service.ServiceType == typeof(TService));
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EvlActors.Hosting;

/// <summary>A machine in a .NET host.</summary>
public static class EvlServiceCollectionExtensions
{
    /// <summary>
    /// Adds a machine, <see cref="EvlMachine"/>, as a singleton that starts and stops with the host. Its log is the host's; wrong
    /// options stop the host's start with a message that names the key.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Sets options; null: none.</param>
    /// <returns>Adds devices, files, processes, and a health check.</returns>
    /// <exception cref="InvalidOperationException">There is a machine already.</exception>
    public static EvlBuilder AddEvl(this IServiceCollection services, Action<EvlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return Add(services, nameof(EvlOptions), options => options.Configure(configure ?? (static _ => { })));
    }

    /// <summary><inheritdoc cref="AddEvl(IServiceCollection, Action{EvlOptions}?)" path="/summary"/></summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">The configuration that the options come from, such as <c>configuration.GetSection("Evl")</c>; a key
    /// that is no option is an error.</param>
    /// <param name="configure">Sets options after that; null: none.</param>
    /// <returns>Adds devices, files, processes, and a health check.</returns>
    /// <exception cref="InvalidOperationException">There is a machine already.</exception>
    public static EvlBuilder AddEvl(this IServiceCollection services, IConfiguration section, Action<EvlOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        string name = section is IConfigurationSection { Path: var path } ? path : nameof(EvlOptions);
        return Add(services, name, options => options
            .Bind(section, static binder => binder.ErrorOnUnknownConfiguration = true)
            .Configure(configure ?? (static _ => { })));
    }

    private static EvlBuilder Add(IServiceCollection services, string section, Action<OptionsBuilder<EvlOptions>> configure)
    {
        if (services.Any(service => service.ServiceType == typeof(EvlMachine)))
            throw new InvalidOperationException("The host has a machine already: call AddEvl once, or make others with new EvlMachine.");
        OptionsBuilder<EvlOptions> options = services.AddOptions<EvlOptions>();
        configure(options);
        options.ValidateOnStart();
        services.AddSingleton<IValidateOptions<EvlOptions>>(new EvlOptionsValidator(section));
        services.TryAddKeyedSingleton(EvlServices.Clock, TimeProvider.System);
        services.AddSingleton(static provider =>
        {
            EvlMachineOptions options = provider.GetRequiredService<IOptions<EvlOptions>>().Value.ToMachineOptions() with
            {
                LoggerFactory = provider.GetService<ILoggerFactory>(),
            };
            return provider.GetService<EvlMaker>() is { } maker ? maker.Make(provider, options) : new EvlMachine(options);
        });
        services.AddSingleton<IHostedService, EvlHostedService>();
        return new EvlBuilder(services);
    }
}

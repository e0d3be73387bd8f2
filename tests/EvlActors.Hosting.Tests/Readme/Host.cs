using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EvlActors.Hosting.Tests.Readme;

/// <summary>A host that stops when the README's program has printed its line.</summary>
internal static class Host
{
    internal static HostApplicationBuilder CreateApplicationBuilder(string[] args)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder(args);
        builder.Services.AddHostedService<Stopper>();
        return builder;
    }

    private sealed class Stopper(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Console.Line.WaitAsync(stoppingToken);
            lifetime.StopApplication();
        }
    }
}

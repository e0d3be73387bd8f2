using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EvlActors.Hosting;

/// <summary>Starts a host's machine before the services that were added after it, and ends it after they have stopped.</summary>
internal sealed partial class EvlHostedService(
    IServiceProvider services, IEnumerable<EvlSetup> setups, EvlMachine machine, ILogger<EvlHostedService> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (EvlSetup setup in setups)
                await setup.Configure(services, machine, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            CouldNotStart(log, e);
            await machine.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        _ = SayWhenItFails();
        Started(log);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // The machine ends also if the host's patience does first.
        await machine.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        Stopped(log);
    }

    private async Task SayWhenItFails()
    {
        try
        {
            await machine.Completion.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            HasFailed(log, e);
        }
    }

    [LoggerMessage(LogIds.Started, LogLevel.Information, "The machine runs.")]
    private static partial void Started(ILogger logger);

    [LoggerMessage(LogIds.Stopped, LogLevel.Information, "The machine has ended.")]
    private static partial void Stopped(ILogger logger);

    [LoggerMessage(LogIds.CouldNotStart, LogLevel.Critical, "The machine could not be started.")]
    private static partial void CouldNotStart(ILogger logger, Exception exception);

    [LoggerMessage(LogIds.HasFailed, LogLevel.Critical, "The machine has failed: its calls answer EIO.")]
    private static partial void HasFailed(ILogger logger, Exception exception);
}

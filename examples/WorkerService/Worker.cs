using EvlActors;

namespace WorkerService;

/// <summary>Takes the readings as they come and says once a second what they were.</summary>
internal sealed partial class Worker(EvlMachine machine, ILogger<Worker> log) : BackgroundService
{
    private const int PerLine = 1000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        double sum = 0;
        int count = 0;
        await foreach (Reading reading in new Sampler(machine).ReadAllAsync(stoppingToken))
        {
            sum += reading.Degrees;
            if (++count < PerLine)
                continue;
            Averaged(log, count, sum / count);
            (sum, count) = (0, 0);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Count} readings, {Degrees:F2} degrees on average.")]
    private static partial void Averaged(ILogger logger, int count, double degrees);
}

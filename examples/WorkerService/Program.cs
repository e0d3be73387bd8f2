using System.Globalization;
using EvlActors;
using EvlActors.Hosting;
using Serilog;
using WorkerService;

WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,     // where appsettings.json is, wherever this was started
});

builder.Logging.ClearProviders().AddSerilog(
    new LoggerConfiguration().WriteTo.Console(formatProvider: CultureInfo.InvariantCulture).CreateLogger(), dispose: true);

builder.Services.AddEvl(builder.Configuration.GetSection("Evl"))
    .AddDevice<SensorDevice>("/dev/sensor")
    .AddHealthCheck()
    .AddMetrics();
builder.Services.AddHostedService<Worker>();        // after the machine: it starts later and stops earlier
builder.Services.AddSingleton<MetricsText>();

WebApplication app = builder.Build();
MetricsText metrics = app.Services.GetRequiredService<MetricsText>();   // listens from the start on
app.MapHealthChecks("/health");
app.MapGet("/metrics", () => metrics.Read());
app.MapGet("/machine", async (EvlMachine machine, CancellationToken cancellation) => $"{await machine.SnapshotAsync(cancellation)}");

// "--seconds 2" ends it by itself; else it runs until Ctrl-C or SIGTERM.
if (builder.Configuration.GetValue<double?>("seconds") is { } seconds)
    app.Lifetime.ApplicationStarted.Register(() => _ = StopAfter(TimeSpan.FromSeconds(seconds)));
await app.RunAsync();

async Task StopAfter(TimeSpan time)
{
    await Task.Delay(time);
    app.Lifetime.StopApplication();
}

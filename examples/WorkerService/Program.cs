using System.Globalization;
using EvlActors;
using EvlActors.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
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

builder.Services.AddOpenTelemetry()
    .ConfigureResource(resource => resource.AddService("worker-service"))
    .WithMetrics(metrics => metrics.AddMeter(EvlServices.MeterName).AddPrometheusExporter());

// "--traces 0.01" writes the spans of one call in a hundred to the console; without it no span is made.
if (builder.Configuration.GetValue<double?>("traces") is { } ratio)
{
    builder.Services.AddOpenTelemetry().WithTracing(traces => traces
        .AddSource(EvlMachine.ActivitySourceName)
        .SetSampler(new TraceIdRatioBasedSampler(ratio))
        .AddConsoleExporter());
}

WebApplication app = builder.Build();
app.MapHealthChecks("/health");
app.MapPrometheusScrapingEndpoint();                // /metrics
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

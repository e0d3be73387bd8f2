using EvlActors.Drivers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace EvlActors.Hosting.Tests.Readme;

/// <summary>The program of the package's README, compiled and run; <see cref="Host"/> and <see cref="Console"/> are those of this folder.</summary>
public sealed class PackageReadmeTests
{
    [Fact]
    public void Program_OfTheReadme_StandsHere()
    {
        string program = Text("src/EvlActors.Hosting/README.md").Split("```csharp\n")[1].Split("```")[0];
        string here = Unindented(Text("tests/EvlActors.Hosting.Tests/Readme/PackageReadmeTests.cs"));
        string[] parts = [.. program.Split("\n\n").Where(part => !part.StartsWith("using ", StringComparison.Ordinal))];
        Assert.Equal(3, parts.Length);
        Assert.All(parts, part => Assert.Contains(Unindented(part), here, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_OfTheReadme_PrintsWhatItSays()
    {
        await Program([]).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("21 degrees", await Console.Line);
    }

    private static async Task Program(string[] args)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddEvl(builder.Configuration.GetSection("Evl"))
            .AddDevice<SensorDevice>("/dev/sensor")                             // made with the host's services
            .AddHealthCheck()
            .AddMetrics();                                                      // the meter "EvlActors"
        builder.Services.AddHostedService<Sampler>();                           // after the machine: it starts later and stops earlier
        await builder.Build().RunAsync();
    }

    private static string Text(string path)
    {
        string? root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root!, "EvlActors.sln"))) // these tests read the sources that they were built from
            root = Path.GetDirectoryName(root);
        return File.ReadAllText(Path.Combine(root!, path)).ReplaceLineEndings("\n"); // found there
    }

    private static string Unindented(string text) =>
        string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}

internal sealed class SensorDevice : CharDevice
{
    protected override async IoTask<SysResult> Read(IoCall call) =>
        await call.CopyToUser(new byte[] { 21 }) == 0 ? 1 : Errno.EFAULT;
}

internal sealed class Sampler(EvlMachine machine) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        UserThread thread = machine.CreateProcess().CreateThread();
        int sensor = await thread.OpenAsync("/dev/sensor", OpenFlags.ReadOnly, stoppingToken).OrThrow();
        byte[] degrees = new byte[1];
        await thread.ReadAsync(sensor, degrees, stoppingToken).OrThrow();
        Console.WriteLine($"{degrees[0]} degrees");                     // 21 degrees
    }
}

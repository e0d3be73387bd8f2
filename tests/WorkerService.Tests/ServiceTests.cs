using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace WorkerService.Tests;

/// <summary>The built program, as a process.</summary>
public sealed partial class ServiceTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Service_Runs_HealthMetricsAndMachineAnswer()
    {
        using Process process = Start();
        using HttpClient client = await Connect(process);
        Assert.Equal("Healthy", await client.GetStringAsync(new Uri("health", UriKind.Relative)));
        string metrics = await Until(client, "metrics", text => text.Contains("evl_calls_total{otel_scope_name=\"EvlActors\",evl_stage=\"oob\"}", StringComparison.Ordinal)
            && text.Contains("evl_call=\"OobRead\",evl_stage=\"oob\",le=\"+Inf\"", StringComparison.Ordinal)
            && text.Contains("evl_ring_size_bytes", StringComparison.Ordinal));
        Assert.Contains("evl_closes_stuck{otel_scope_name=\"EvlActors\"} 0\n", metrics, StringComparison.Ordinal);
        Assert.Contains("evl_ring=\"inbound\"} 16384\n", metrics, StringComparison.Ordinal);
        // The boundaries are the instrument's, not the exporter's: two of them are 1 us and 2 us.
        Assert.Contains("evl_call=\"OobWrite\",evl_stage=\"oob\",le=\"1E-06\"", metrics, StringComparison.Ordinal);
        Assert.Contains("evl_call=\"OobWrite\",evl_stage=\"oob\",le=\"2E-06\"", metrics, StringComparison.Ordinal);
        string machine = await client.GetStringAsync(new Uri("machine", UriKind.Relative));
        Assert.Contains("sampler (Fifo 90, out-of-band)", machine, StringComparison.Ordinal);
        await End(process);
    }

    [Fact]
    public async Task Service_ToldSeconds_EndsByItselfWithItsLog()
    {
        using Process process = Start("--seconds", "2");
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(s_limit);
        string error = await process.StandardError.ReadToEndAsync().WaitAsync(s_limit);
        await process.WaitForExitAsync().WaitAsync(s_limit);
        Assert.Equal((0, ""), (process.ExitCode, error));
        Assert.Contains("The machine has ended.", output, StringComparison.Ordinal);
        Assert.DoesNotMatch("ERR|FTL|WRN", output);
    }

    [Fact]
    public async Task Service_ToldToTrace_SpansOfCallsAreWritten()
    {
        using Process process = Start("--seconds", "1", "--traces", "1");
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(s_limit);
        await process.WaitForExitAsync().WaitAsync(s_limit);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("Activity.DisplayName:        evl.OobRead", output, StringComparison.Ordinal);
        Assert.Contains("evl.thread: sampler", output, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        // The tests are run by the dotnet command. Port 0: one that is free.
        string program = Path.Combine(AppContext.BaseDirectory, "WorkerService.dll");
        foreach (string argument in (string[])[program, "--urls", "http://127.0.0.1:0", "--Evl:RealTime", "false", .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!; // not started by a shell
    }

    private static async Task<HttpClient> Connect(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(s_limit) is { } line)
        {
            if (Address().Match(line) is not { Success: true } match)
                continue;
            // Read on, so that a full pipe does not hold the log up.
            _ = process.StandardOutput.ReadToEndAsync();
            return new HttpClient(new HttpClientHandler { UseProxy = false }) { BaseAddress = new Uri(match.Value), Timeout = s_limit };
        }
        throw new InvalidOperationException("The service ended: " + await process.StandardError.ReadToEndAsync());
    }

    // It counts from a second after its start on, so an early answer says less.
    private static async Task<string> Until(HttpClient client, string page, Func<string, bool> wanted)
    {
        string text = "";
        for (int i = 0; i < 50_000; i++)
        {
            text = await client.GetStringAsync(new Uri(page, UriKind.Relative));
            if (wanted(text))
                return text;
        }
        throw new TimeoutException(text);
    }

    private static async Task End(Process process)
    {
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync().WaitAsync(s_limit);
        Assert.Equal(0, process.ExitCode);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}

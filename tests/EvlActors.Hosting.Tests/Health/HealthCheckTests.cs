using EvlActors.Drivers;
using EvlActors.Hosting.Tests.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace EvlActors.Hosting.Tests.Health;

/// <summary>What a host hears about its machine's health.</summary>
public sealed class HealthCheckTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Check_MachineRuns_Healthy()
    {
        using IHost host = await Start(_ => { });
        HealthReport report = await Check(host);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains(EvlServices.HealthTag, report.Entries["evl"].Tags);
        await host.StopAsync();
        Assert.Equal(HealthStatus.Unhealthy, (await Check(host)).Status);
    }

    [Fact]
    public async Task AddHealthCheck_TwoNamesAndTags_OneCheckUnderBoth()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        builder.Services.AddEvl().AddHealthCheck().AddHealthCheck("evl-live", ["live"]);
        using IHost host = builder.Build();
        await host.StartAsync();
        HealthReport report = await Check(host);
        Assert.Equal(["evl", "evl-live"], report.Entries.Keys.Order());
        Assert.All(report.Entries.Values, entry => Assert.Equal(HealthStatus.Healthy, entry.Status));
        Assert.Equal([EvlServices.HealthTag], report.Entries["evl"].Tags);
        Assert.Equal([EvlServices.HealthTag, "live"], report.Entries["evl-live"].Tags.Order());
        Assert.Single(builder.Services, service => service.ServiceType.Name == "EvlHealthCheck");
        await host.StopAsync();
    }

    [Fact]
    public async Task Check_StageHeldUp_DegradedThenUnhealthyThenHealthyAgain()
    {
        using var gate = new ManualResetEventSlim();
        var device = new HoldingDevice(gate);
        using IHost host = await Start(
            machine => machine.AddDevice("/dev/hold", () => device),
            options =>
            {
                options.Health.AnswerWithin = TimeSpan.FromMilliseconds(20);
                options.Health.LateChecks = 2;
            });
        UserThread t = host.Services.GetRequiredService<EvlMachine>().CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/hold").OrThrow();
        Task<SysResult> holding = Task.Run(() => t.Read(fd, new byte[1]));
        await device.Holds.WaitAsync(s_limit);
        HealthReport first = await Check(host);
        HealthReport second = await Check(host);
        gate.Set();
        Assert.Equal(SysResult.Ok(), await holding.WaitAsync(s_limit));
        Assert.Equal((HealthStatus.Degraded, HealthStatus.Unhealthy), (first.Status, second.Status));
        Assert.Contains("in-band stage did not answer", first.Entries["evl"].Description, StringComparison.Ordinal);
        await UntilHealthy(host);
        await host.StopAsync();
    }

    [Fact]
    public async Task Check_SeveralAtATime_OneLatenessCountsOnce()
    {
        using var gate = new ManualResetEventSlim();
        var device = new HoldingDevice(gate);
        var clock = new ManualClock();
        using IHost host = await Start(
            machine => machine.AddDevice("/dev/hold", () => device),
            services: services => services.AddKeyedSingleton<TimeProvider>(EvlServices.Clock, clock));
        UserThread t = host.Services.GetRequiredService<EvlMachine>().CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/hold").OrThrow();
        Task<SysResult> holding = Task.Run(() => t.Read(fd, new byte[1]));
        await device.Holds.WaitAsync(s_limit);
        Task<HealthReport[]> checking = Task.WhenAll(Enumerable.Range(0, new EvlHealthOptions().LateChecks + 1).Select(_ => Check(host)));
        while (!checking.IsCompleted)
        {
            clock.TryTick();
            await Task.Yield();
        }
        HealthReport[] reports = await checking;
        gate.Set();
        Assert.Equal(SysResult.Ok(), await holding.WaitAsync(s_limit));
        Assert.All(reports, report => Assert.Equal(HealthStatus.Degraded, report.Status));
        await host.StopAsync();
    }

    [Fact]
    public async Task Check_ReleaseStuck_DegradedUntilItEnds()
    {
        var device = new SlowReleaseDevice();
        using IHost host = await Start(
            machine => machine.AddDevice("/dev/slow", () => device),
            options => options.Health.StuckClose = TimeSpan.FromTicks(1));
        UserThread t = host.Services.GetRequiredService<EvlMachine>().CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/slow").OrThrow();
        Task<SysResult> closing = t.CloseAsync(fd).AsTask();
        await device.Begun.Task.WaitAsync(s_limit);
        HealthReport report = await Check(host);
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("release of file", report.Entries["evl"].Description, StringComparison.Ordinal);
        device.Gate.SetResult();
        Assert.Equal(SysResult.Ok(), await closing);
        await UntilHealthy(host);
        await host.StopAsync();
    }

    [Fact]
    public async Task Check_HostsClockStandsStill_MachineAndCheckGoOn()
    {
        using IHost host = await Start(_ => { }, services: services => services.AddSingleton<TimeProvider>(new StoppedClock()));
        Assert.Equal(HealthStatus.Healthy, (await Check(host)).Status);
        UserThread t = host.Services.GetRequiredService<EvlMachine>().CreateProcess().CreateThread();
        Assert.Equal(SysResult.Ok(), await t.PollAsync(UserArray<PollFd>.Null, 1));
        await host.StopAsync();
    }

    private static async Task<IHost> Start(
        Action<EvlMachine> configure, Action<EvlOptions>? options = null, Action<IServiceCollection>? services = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging();
        services?.Invoke(builder.Services);
        builder.Services.AddEvl(options).AddHealthCheck().Configure(configure);
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static Task<HealthReport> Check(IHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WaitAsync(s_limit);

    // What held it up is over; a check that comes too early may still find it late.
    private static async Task UntilHealthy(IHost host)
    {
        for (int i = 0; i < 1_000; i++)
        {
            if ((await Check(host)).Status == HealthStatus.Healthy)
                return;
        }
        Assert.Fail("The machine did not become healthy again.");
    }

    private sealed class HoldingDevice(ManualResetEventSlim gate) : CharDevice
    {
        private readonly TaskCompletionSource _holds = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Holds => _holds.Task;

        protected override IoTask Read(IoCall call)
        {
            _holds.TrySetResult();
            Assert.True(gate.Wait(s_limit));
            return SysResult.Ok();
        }
    }

    private sealed class SlowReleaseDevice : CharDevice
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async IoTask Release(IoCall call)
        {
            Begun.SetResult();
            await Gate.Task;
            await call.File.ReleaseOob();
            return 0;
        }
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

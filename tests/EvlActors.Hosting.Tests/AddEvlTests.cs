using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace EvlActors.Hosting.Tests;

/// <summary>How a machine gets into a host: overloads, options, start and stop.</summary>
public sealed class AddEvlTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AddEvl_NothingSaid_MachineRunsWithTheHost()
    {
        using IHost host = Build(services => services.AddEvl().Configure(machine => machine.AddFile("/etc/motd", "hello")));
        await host.StartAsync();
        EvlMachine machine = host.Services.GetRequiredService<EvlMachine>();
        Assert.Equal(3, await machine.CreateProcess().CreateThread().OpenAsync("/etc/motd", OpenFlags.ReadOnly).OrThrow());
        await host.StopAsync();
        Assert.True(machine.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task AddEvl_Action_OptionsAreTheMachines()
    {
        using IHost host = Build(services => services.AddEvl(options => options.MaxOpenFiles = 2)
            .Configure(machine => machine.AddFile("/etc/motd", "hello")));
        await host.StartAsync();
        UserThread t = host.Services.GetRequiredService<EvlMachine>().CreateProcess().CreateThread();
        await t.OpenAsync("/etc/motd", OpenFlags.ReadOnly).OrThrow();
        Assert.Equal(Errno.ENFILE, (await t.OpenAsync("/etc/motd", OpenFlags.ReadOnly)).Errno);
        await host.StopAsync();
    }

    [Fact]
    public void AddEvl_SectionThenAction_BothApplyInThatOrder()
    {
        using IHost host = Build(
            (services, configuration) => services.AddEvl(configuration.GetSection("Evl"), options => options.MaxElements++),
            ("Evl:MaxElements", "7"), ("Evl:ShutdownGrace", "00:00:02"), ("Evl:Health:LateChecks", "5"));
        EvlOptions options = host.Services.GetRequiredService<IOptions<EvlOptions>>().Value;
        Assert.Equal((8, TimeSpan.FromSeconds(2), 5), (options.MaxElements, options.ShutdownGrace, options.Health.LateChecks));
    }

    [Theory]
    [InlineData("Evl:ShutdownGrace", "-00:00:05", "Evl:ShutdownGrace is not negative; it is -00:00:05.")]
    [InlineData("Evl:InBandHoldUpLimit", "-00:00:01", "Evl:InBandHoldUpLimit is not negative")]
    [InlineData("Evl:MaxOpenFiles", "-1", "Evl:MaxOpenFiles is not negative; it is -1.")]
    [InlineData("Evl:MaxElements", "-1", "Evl:MaxElements is not negative; it is -1.")]
    [InlineData("Evl:OobWorkerCpu", "-1", "Evl:OobWorkerCpu is 0 to")]
    [InlineData("Evl:OobWorkerCpu", "100000", "Evl:OobWorkerCpu is 0 to")]
    [InlineData("Evl:Health:LateChecks", "0", "Evl:Health:LateChecks is at least 1; it is 0.")]
    [InlineData("Evl:Health:AnswerWithin", "00:00:00", "Evl:Health:AnswerWithin is more than zero")]
    [InlineData("Evl:Health:StuckClose", "00:00:00", "Evl:Health:StuckClose is more than zero")]
    [InlineData("Evl:MaxOpenFiles", "many", "Evl:MaxOpenFiles")]
    [InlineData("Evl:ShutdownGraze", "00:00:05", "ShutdownGraze")]
    public async Task Start_WrongOption_RefusedWithItsKey(string key, string value, string said)
    {
        using IHost host = Build((services, configuration) => services.AddEvl(configuration.GetSection("Evl")), (key, value));
        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.Contains(said, thrown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AddEvl_Twice_Refused()
    {
        var services = new ServiceCollection();
        services.AddEvl();
        Assert.Throws<InvalidOperationException>(() => services.AddEvl());
    }

    [Fact]
    public void AddMetrics_Twice_AddsNothingMore()
    {
        var services = new ServiceCollection();
        EvlBuilder builder = services.AddEvl().AddMetrics();
        int count = services.Count;
        builder.AddMetrics();
        Assert.Equal(count, services.Count);
    }

    [Fact]
    public async Task UseMachine_OwnMaker_GetsTheOptionsAndItsMachineIsTheHosts()
    {
        EvlMachine? made = null;
        EvlMachineOptions? asked = null;
        using IHost host = Build(services => services.AddEvl(options => options.MaxElements = 7)
            .UseMachine((_, options) => made = new EvlMachine(asked = options))
            .Configure(machine => machine.AddFile("/etc/motd", "hello")));
        await host.StartAsync();
        Assert.Equal((7, null), (asked!.MaxElements, asked.Engine));
        Assert.Same(made, host.Services.GetRequiredService<EvlMachine>());
        await host.StopAsync();
        Assert.True(made!.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task AddDevice_DriverOfServices_MadeWithThem()
    {
        using IHost host = Build(services =>
        {
            services.AddSingleton(new Greeting("hello"));
            services.AddEvl().AddDevice<GreetingDevice>("/dev/greeting");
        });
        await host.StartAsync();
        UserThread t = host.Services.GetRequiredService<EvlMachine>().CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/greeting").OrThrow();
        byte[] bytes = new byte[16];
        int n = await t.ReadAsync(fd, bytes).OrThrow();
        Assert.Equal("hello", System.Text.Encoding.UTF8.GetString(bytes, 0, n));
        await host.StopAsync();
    }

    [Fact]
    public async Task Services_AfterTheMachine_StartAfterItAndStopBeforeIt()
    {
        var order = new List<string>();
        using IHost host = Build(services =>
        {
            services.AddEvl().Configure(_ => order.Add("machine started"));
            services.AddHostedService(provider => new User(provider.GetRequiredService<EvlMachine>(), order));
        });
        await host.StartAsync();
        await host.StopAsync();
        Assert.Equal(["machine started", "user started", "user stopped, machine runs"], order);
        Assert.True(host.Services.GetRequiredService<EvlMachine>().Completion.IsCompleted);
    }

    [Fact]
    public async Task Start_SetupThrows_MachineHasEndedAndTheHostDoesNotStart()
    {
        var log = new ListLog();
        using IHost host = Build(services =>
        {
            services.AddSingleton<ILoggerProvider>(log);
            services.AddEvl().Configure(_ => throw new InvalidOperationException("planted"));
        });
        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Equal("planted", thrown.Message);
        await host.Services.GetRequiredService<EvlMachine>().Completion.WaitAsync(s_limit);
        Assert.Contains(log.Lines, line => line.Contains("The machine could not be started", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dispose_HostThatWasNotStopped_EndsTheMachine()
    {
        IHost host = Build(services => services.AddEvl());
        await host.StartAsync();
        EvlMachine machine = host.Services.GetRequiredService<EvlMachine>();
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.True(machine.Completion.IsCompletedSuccessfully);
    }

    private static IHost Build(Action<IServiceCollection> configure) => Build((services, _) => configure(services));

    private static IHost Build(Action<IServiceCollection, IConfiguration> configure, params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        configure(builder.Services, builder.Configuration);
        return builder.Build();
    }

    private sealed class User(EvlMachine machine, List<string> order) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            order.Add("user started");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            order.Add(machine.Completion.IsCompleted ? "user stopped, machine has ended" : "user stopped, machine runs");
            return Task.CompletedTask;
        }
    }
}

using Akka.Actor;
using Akka.Hosting;
using EvlActors.Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EvlActors.Akka.Tests.Hosting;

/// <summary>A machine in a host that Akka.Hosting configures.</summary>
public sealed class WithEvlTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Host_Started_RouterAndRootAreInTheRegistry()
    {
        using IHost host = Build(builder => builder.WithEvl(evl => evl.Machine.AddFile("/etc/motd", "hello")));
        await host.StartAsync();
        IActorRef router = host.Services.GetRequiredService<IRequiredActor<EvlRouter>>().ActorRef;
        AkkaMachine machine = AkkaMachine.Find(host.Services.GetRequiredService<ActorSystem>())!;
        Assert.Equal(machine.Router, router);
        Assert.Equal(machine.Root, host.Services.GetRequiredService<IRequiredActor<EvlMachineRoot>>().ActorRef);
        UserThread t = machine.Machine.CreateProcess().CreateThread();
        SyscallResult opened = await router.Ask<SyscallResult>(new Syscall(t.Tid, SyscallNumber.Open) { Path = "/etc/motd" }, s_limit);
        Assert.True(opened.Result.IsSuccess);
        await host.StopAsync();
    }

    [Fact]
    public async Task Host_Stopped_MachineHasEndedBefore()
    {
        using IHost host = Build(builder => builder.WithEvl());
        await host.StartAsync();
        AkkaMachine machine = AkkaMachine.Find(host.Services.GetRequiredService<ActorSystem>())!;
        EvlProcess app = machine.Machine.CreateProcess();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50);
        await oob.AttachAsync().OrThrow();
        int fd = await oob.CreateXbufAsync(null, 64, 64).OrThrow();
        Task<SysResult> reading = app.CreateThread().ReadAsync(fd, new byte[4]).AsTask();
        await host.StopAsync();
        Assert.True(machine.Machine.Completion.IsCompletedSuccessfully);
        Assert.Equal(Errno.EINTR, (await reading.WaitAsync(s_limit)).Errno);
    }

    [Fact]
    public async Task Host_TwoMachines_EachUnderItsKeys()
    {
        using IHost host = Build(builder => builder
            .WithEvl()
            .WithEvl<OtherRouter, OtherRoot>(_ => Task.CompletedTask, new AkkaMachineOptions { Name = "other" }));
        await host.StartAsync();
        IActorRef first = host.Services.GetRequiredService<IRequiredActor<EvlRouter>>().ActorRef;
        IActorRef second = host.Services.GetRequiredService<IRequiredActor<OtherRouter>>().ActorRef;
        Assert.Equal("/user/evl/router", first.Path.ToStringWithoutAddress());
        Assert.Equal("/user/other/router", second.Path.ToStringWithoutAddress());
        await host.StopAsync();
    }

    [Fact]
    public async Task Host_ConfigureThrows_StartFailsAndTheMachineHasEnded()
    {
        AkkaMachine? started = null;
        using IHost host = Build(builder => builder.WithEvl(evl =>
        {
            started = evl;
            throw new InvalidOperationException("planted");
        }));
        InvalidOperationException thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Equal("planted", thrown.Message);
        await started!.Machine.Completion.WaitAsync(s_limit);
    }

    [Fact]
    public async Task Host_StartFails_IsInTheHostsLog()
    {
        var lines = new LineProvider();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddProvider(lines);
        builder.Services.AddAkka("logged", akka => akka
            .ConfigureLoggers(loggers => loggers.ClearLoggers().AddLoggerFactory())
            .WithEvl(_ => throw new InvalidOperationException("planted")));
        using IHost host = builder.Build();
        await Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync());
        Assert.Contains(lines.Lines, line => line.Contains("The machine evl could not be started", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("other", "already been registered")]
    [InlineData(AkkaMachineOptions.DefaultName, "Name of its own")]
    public async Task Host_SecondMachineWithoutKeysOrName_StartFailsAndSaysWhy(string name, string said)
    {
        using IHost host = Build(builder => builder.WithEvl().WithEvl(options: new AkkaMachineOptions { Name = name }));
        Exception thrown = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());
        Assert.Contains(said, thrown.Message, StringComparison.OrdinalIgnoreCase);
        await host.Services.GetRequiredService<ActorSystem>().WhenTerminated.WaitAsync(s_limit);
    }

    [Fact]
    public async Task Actors_ThatAskForTheRouter_GetItInjected()
    {
        using IHost host = Build(builder => builder
            .WithEvl(evl => evl.Machine.CreateProcess().CreateThread())
            .WithActors((system, registry, resolver) =>
                registry.Register<Asker>(system.ActorOf(resolver.Props<Asker>(), "asker"))));
        await host.StartAsync();
        IActorRef asker = host.Services.GetRequiredService<IRequiredActor<Asker>>().ActorRef;
        SyscallResult answer = await asker.Ask<SyscallResult>(new Syscall(1, SyscallNumber.Getpid), s_limit);
        Assert.True(answer.Result.IsSuccess);
        await host.StopAsync();
    }

    private static IHost Build(Action<AkkaConfigurationBuilder> configure)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("hosted", akka =>
        {
            akka.AddHocon("akka.loglevel = OFF, akka.stdout-loglevel = OFF", HoconAddMode.Prepend);
            configure(akka);
        });
        return builder.Build();
    }

    private sealed class Asker : ReceiveActor
    {
        public Asker(IRequiredActor<EvlRouter> router) => Receive<Syscall>(call => router.ActorRef.Forward(call));
    }

    private sealed class LineProvider : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public IEnumerable<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }

    private sealed class OtherRouter;

    private sealed class OtherRoot;
}

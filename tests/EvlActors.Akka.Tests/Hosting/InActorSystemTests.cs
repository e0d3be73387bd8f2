using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Hosting;
using EvlActors.Akka.Hosting;
using EvlActors.Drivers;
using EvlActors.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EvlActors.Akka.Tests.Hosting;

/// <summary>The machine of AddEvl in the host's actor system: options, drivers, health and metrics as on the priority engine.</summary>
public sealed class InActorSystemTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_AddAkkaBeforeOrAfter_MachineIsThereForItsActorsAndEndsWithIt(bool isAkkaFirst)
    {
        using IHost host = Build(isAkkaFirst, builder => builder.AddDevice<WordDevice>("/dev/word"));
        await host.StartAsync();
        EvlMachine machine = host.Services.GetRequiredService<EvlMachine>();
        Assert.Same(machine, AkkaMachine.Find(host.Services.GetRequiredService<ActorSystem>())!.Machine);
        IActorRef asker = host.Services.GetRequiredService<IRequiredActor<Asker>>().ActorRef;
        UserThread t = machine.CreateProcess().CreateThread();
        SyscallResult opened = await asker.Ask<SyscallResult>(new Syscall(t.Tid, SyscallNumber.Open) { Path = "/dev/word" }, s_limit);
        byte[] bytes = new byte[8];
        Assert.Equal(SysResult.Ok(4), await t.ReadAsync((int)opened.Result.Value, bytes));
        Assert.Equal("word"u8.ToArray(), bytes[..4]);
        await host.StopAsync();
        Assert.True(machine.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Options_OfAddEvl_AreTheMachines()
    {
        using IHost host = Build(true, configure: options => options.MaxOpenFiles = 1, name: "named");
        await host.StartAsync();
        ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
        EvlMachine machine = AkkaMachine.Find(system, "named")!.Machine;
        machine.AddFile("/etc/motd", "hello");
        Assert.Equal(Errno.ENFILE, (await machine.CreateProcess().CreateThread().OpenAsync("/etc/motd", OpenFlags.ReadOnly)).Errno);
        await host.StopAsync();
    }

    [Fact]
    public async Task HealthCheck_MachineOnAkka_HealthyUntilItEnds()
    {
        using IHost host = Build(true, builder => builder.AddHealthCheck());
        await host.StartAsync();
        HealthCheckService checks = host.Services.GetRequiredService<HealthCheckService>();
        Assert.Equal(HealthStatus.Healthy, (await checks.CheckHealthAsync().WaitAsync(s_limit)).Status);
        ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
        Assert.Equal("/user/evl/health/in-band", (await system.ActorSelection("/user/evl/health/in-band").ResolveOne(s_limit)).Path.ToStringWithoutAddress());
        system.Stop(AkkaMachine.Find(system)!.Root);
        await host.Services.GetRequiredService<EvlMachine>().Completion.WaitAsync(s_limit);
        Assert.Equal(HealthStatus.Unhealthy, (await checks.CheckHealthAsync().WaitAsync(s_limit)).Status);
        await host.StopAsync();
    }

    [Fact]
    public async Task Metrics_MachineOnAkka_CallsFilesAndDepthOfMailboxes()
    {
        using var gate = new ManualResetEventSlim();
        using IHost host = Build(true, builder => builder.AddMetrics().Configure(machine => machine.AddDevice("/dev/hold", () => new HoldingDevice(gate))));
        var heard = new ConcurrentDictionary<string, double>();
        using MeterListener listener = Listen(host, heard);
        await host.StartAsync();
        EvlProcess app = host.Services.GetRequiredService<EvlMachine>().CreateProcess();
        UserThread[] threads = [app.CreateThread(), app.CreateThread(), app.CreateThread()];
        int fd = await threads[0].OpenAsync("/dev/hold").OrThrow();
        Task<SysResult>[] reading = [.. threads.Select(t => t.ReadAsync(fd, new byte[1]).AsTask())];
        // One is held in the driver, two wait in its device's mailbox.
        Until(listener, () => heard["evl.mailbox.depth inband"] == 2);
        Assert.Equal(0, heard["evl.mailbox.depth oob"]);
        gate.Set();
        foreach (Task<SysResult> read in reading)
            Assert.Equal(SysResult.Ok(), await read.WaitAsync(s_limit));
        Until(listener, () => heard["evl.mailbox.depth inband"] == 0 && heard["evl.calls inband"] >= 4);
        Assert.Equal(2, heard["evl.open_files"]); // the console's, and this one
        await host.StopAsync();
    }

    private static MeterListener Listen(IHost host, ConcurrentDictionary<string, double> heard)
    {
        object scope = host.Services.GetRequiredService<IMeterFactory>();
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == scope && instrument.Meter.Name == EvlServices.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => heard[Name(instrument, tags)] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => heard[Name(instrument, tags)] = value);
        listener.Start();
        return listener;

        static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
    }

    private static void Until(MeterListener listener, Func<bool> isSo)
    {
        long deadline = Environment.TickCount64 + (long)s_limit.TotalMilliseconds;
        do
        {
            listener.RecordObservableInstruments();
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException("The instruments do not say what they should.");
        }
        while (!isSo());
    }

    private static IHost Build(
        bool isAkkaFirst, Action<EvlBuilder>? machine = null, Action<EvlOptions>? configure = null, string name = AkkaMachineOptions.DefaultName)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (isAkkaFirst)
            AddAkka();
        EvlBuilder evl = builder.Services.AddEvl(configure).InActorSystem(options => options with { Name = name });
        machine?.Invoke(evl);
        if (!isAkkaFirst)
            AddAkka();
        return builder.Build();

        void AddAkka() => builder.Services.AddAkka("hosted", akka => akka
            .AddHocon("akka.loglevel = OFF, akka.stdout-loglevel = OFF", HoconAddMode.Prepend)
            .WithActors((system, registry, resolver) => registry.Register<Asker>(system.ActorOf(resolver.Props<Asker>(), "asker"))));
    }

    private sealed class Asker : ReceiveActor
    {
        public Asker(IRequiredActor<EvlRouter> router) => Receive<Syscall>(call => router.ActorRef.Forward(call));
    }

    private sealed class WordDevice : CharDevice
    {
        protected internal override async IoTask Read(IoCall call) => await call.CopyToUser("word"u8.ToArray()) == 0 ? 4 : Errno.EFAULT;
    }

    private sealed class HoldingDevice(ManualResetEventSlim gate) : CharDevice
    {
        protected internal override IoTask Read(IoCall call) => gate.Wait(s_limit) ? SysResult.Ok() : Errno.EIO;
    }
}

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

    private sealed class OtherRouter;

    private sealed class OtherRoot;
}

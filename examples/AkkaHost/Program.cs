using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using AkkaHost;
using EvlActors;
using EvlActors.Akka;
using EvlActors.Akka.Devices;
using EvlActors.Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// A host with an actor system, and in it a machine with two devices: a driver, and an actor of the host's.
HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
builder.Logging.SetMinimumLevel(Microsoft.Extensions.Logging.LogLevel.Warning);
builder.Services.AddAkka("akka-host", akka => akka
    .ConfigureLoggers(loggers => loggers.ClearLoggers().AddLogger<ConsoleLog>())
    .WithEvl(async evl =>
    {
        IActorRef thermometer = evl.System.ActorOf(Props.Create(() => new Thermometer()), "thermometer");
        evl.Machine.AddDevice("/dev/thermometer", thermometer);
        evl.Machine.AddDevice("/dev/sensor", () => new SensorDevice());
        EvlProcess app = evl.Machine.CreateProcess();
        UserThread sampler = app.CreateThread(SchedPolicy.Fifo, priority: 90, name: "sampler");
        await sampler.AttachAsync("/sampler").OrThrow();               // evl_attach_self: it may call oob_* now
        evl.System.ActorOf(Props.Create(() => new Application(evl, app, sampler)), "application");
    })
    .WithActors((system, registry) => registry.Register<HookWatcher>(system.ActorOf(Props.Create(() => new HookWatcher()), "hooks"))));

using IHost host = builder.Build();
await host.StartAsync();
ActorSystem system = host.Services.GetRequiredService<ActorSystem>();
IActorRef application = await system.ActorSelection("/user/application").ResolveOne(TimeSpan.FromSeconds(5));
string outcome = await application.Ask<string>(Application.Go.Instance, TimeSpan.FromSeconds(20));
Console.WriteLine(outcome);
await host.StopAsync();                                                 // the machine ends before the actor system does
return outcome == Application.Success ? 0 : 1;

using Akka.Actor;
using Akka.Configuration;

namespace EvlActors.Akka.Engine;

/// <summary>What the machines of one actor system share: the package's configuration, brought once, and who hears of dead letters.</summary>
internal sealed class SystemServices : IExtension
{
    private SystemServices(ExtendedActorSystem system)
    {
        system.Settings.InjectTopLevelFallback(ConfigurationFactory.FromResource("evl.conf", typeof(AkkaEngine).Assembly));
        Returns = new DeadLetterReturns(system);
    }

    internal DeadLetterReturns Returns { get; }

    internal static SystemServices Of(ActorSystem system) => system.WithExtension<SystemServices, Maker>();

    private sealed class Maker : ExtensionIdProvider<SystemServices>
    {
        public override SystemServices CreateExtension(ExtendedActorSystem system) => new(system);
    }
}

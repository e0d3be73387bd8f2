using System.Collections.Concurrent;
using Akka.Actor;

namespace EvlActors.Akka;

/// <summary>The machines of one actor system.</summary>
internal sealed class AkkaMachines : IExtension
{
    private readonly ConcurrentDictionary<string, AkkaMachine> _machines = new(StringComparer.Ordinal);

    internal static AkkaMachines Of(ActorSystem system) => system.WithExtension<AkkaMachines, Maker>();

    internal AkkaMachine? Find(string name) => _machines.GetValueOrDefault(name);

    internal void Add(AkkaMachine machine) => _machines[machine.Name] = machine;

    internal void Remove(AkkaMachine machine) =>
        _machines.TryRemove(new KeyValuePair<string, AkkaMachine>(machine.Name, machine));

    private sealed class Maker : ExtensionIdProvider<AkkaMachines>
    {
        public override AkkaMachines CreateExtension(ExtendedActorSystem system) => new();
    }
}

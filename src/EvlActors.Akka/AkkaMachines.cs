using System.Collections.Concurrent;
using Akka;
using Akka.Actor;

namespace EvlActors.Akka;

/// <summary>The machines of one actor system: those that are there when it shuts down are ended before its actors are.</summary>
internal sealed class AkkaMachines : IExtension
{
    private readonly ConcurrentDictionary<string, AkkaMachine> _machines = new(StringComparer.Ordinal);

    private AkkaMachines(ActorSystem system) =>
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "evl-machines", EndAll);

    internal static AkkaMachines Of(ActorSystem system) => system.WithExtension<AkkaMachines, Maker>();

    internal AkkaMachine? Find(string name) => _machines.GetValueOrDefault(name);

    internal void Add(AkkaMachine machine) => _machines[machine.Name] = machine;

    internal void Remove(AkkaMachine machine) =>
        _machines.TryRemove(new KeyValuePair<string, AkkaMachine>(machine.Name, machine));

    private async Task<Done> EndAll()
    {
        foreach (Task end in _machines.Values.Select(machine => machine.DisposeAsync().AsTask()).ToArray())
            await end.ConfigureAwait(false);
        return Done.Instance;
    }

    private sealed class Maker : ExtensionIdProvider<AkkaMachines>
    {
        public override AkkaMachines CreateExtension(ExtendedActorSystem system) => new(system);
    }
}

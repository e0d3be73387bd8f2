using System.Collections.Concurrent;
using Akka.Actor;
using EvlActors.Actors;

namespace EvlActors.Akka.Engine;

/// <summary>
/// Where a machine's actors are in Akka's tree: "files/7" is /user/evl/files/7, "dovetail/sampler" a child of the router, and a
/// name that is taken gets a number. Any thread: children are made through their parent's cell, whose children container is
/// exchanged atomically, so that spawning is synchronous whoever asks for it.
/// </summary>
internal sealed class CellPaths(LocalActorRef root, Action<ActorPath> groupStopped)
{
    private readonly Lock _gate = new(); // one maker of groups at a time
    private readonly ConcurrentDictionary<string, Above> _parents = new(StringComparer.Ordinal);
    private long _suffixes;

    /// <summary>Makes the Akka actor of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="props">What Akka makes it by.</param>
    /// <param name="cell">Its cell; null: it is none of the machine's actors.</param>
    /// <exception cref="InvalidOperationException">The parent is stopping.</exception>
    internal IActorRef Add(string name, Props props, AkkaCell? cell)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
            return Child(Parent(name[..slash]), name[(slash + 1)..], props);
        IActorRef actor = Child(root, name, props);
        _parents.TryAdd(name, new Above((LocalActorRef)actor, cell));
        return actor;
    }

    /// <summary>The cell that an actor of this name is made under, if it is under one.</summary>
    internal AkkaCell? CellAbove(string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && _parents.TryGetValue(name[..slash], out Above above) ? above.Cell : null;
    }

    /// <summary>An actor has stopped: nothing is made under it any more.</summary>
    internal void Remove(string name, AkkaCell cell) =>
        _parents.TryRemove(new KeyValuePair<string, Above>(name, new Above((LocalActorRef)cell.Address, cell)));

    private LocalActorRef Parent(string name)
    {
        if (_parents.TryGetValue(name, out Above parent))
            return parent.Actor;
        lock (_gate)
        {
            if (!_parents.TryGetValue(name, out parent))
            {
                Props group = ActorProducer<GroupActor>.PropsOf(() => new GroupActor(groupStopped));
                _parents[name] = parent = new Above((LocalActorRef)Child(root, name, group), null);
            }
            return parent.Actor;
        }
    }

    private IActorRef Child(LocalActorRef parent, string name, Props props)
    {
        string element = Element(name);
        try
        {
            return parent.Cell.ActorOf(props, element);
        }
        catch (InvalidActorNameException)
        {
            // Taken: by an actor that is still stopping, or by another one of this name.
            return parent.Cell.ActorOf(props, $"{element}-{Interlocked.Increment(ref _suffixes)}");
        }
    }

    // What Akka does not allow in a path becomes a dash.
    private static string Element(string name)
    {
        string element = string.Create(name.Length, name, static (characters, name) =>
        {
            for (int i = 0; i < characters.Length; i++)
                characters[i] = ActorPath.IsValidPathElement($"a{name[i]}") ? name[i] : '-';
        });
        return element.Length == 0 ? "unnamed" : element[0] == '$' ? $"_{element}" : element;
    }

    private readonly record struct Above(LocalActorRef Actor, AkkaCell? Cell);
}

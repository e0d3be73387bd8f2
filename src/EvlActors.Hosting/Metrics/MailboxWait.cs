using System.Diagnostics.Metrics;
using EvlActors.Actors;
using EvlActors.Hosting.Health;

namespace EvlActors.Hosting.Metrics;

/// <summary>How long a message waits for its turn in each stage: sends one behind all others and looks when it is handled.</summary>
internal sealed class MailboxWait(IActorEngine engine, Histogram<double> waits)
{
    private readonly (KeyValuePair<string, object?> Tag, ActorRef Actor)[] _stages =
    [
        .. new[] { (Stage.InBand, Placement.InBand), (Stage.Oob, Placement.Oob) }.Select(stage => (
            new KeyValuePair<string, object?>("evl.stage", CallTally.NameOf(stage.Item1)),
            engine.Spawn(new PulseActor(), new SpawnOptions($"metrics/{CallTally.NameOf(stage.Item1)}", stage.Item2)))),
    ];

    private Task _asked = Task.CompletedTask;

    /// <summary>Sends one to each stage, unless the last was not handled yet; does not wait for it.</summary>
    internal void Ask()
    {
        if (_asked.IsCompleted)
            _asked = Task.WhenAll(_stages.Select(stage => Ask(stage.Tag, stage.Actor)));
    }

    private async Task Ask(KeyValuePair<string, object?> tag, ActorRef actor)
    {
        var pulse = new Pulse();
        long sentNs = engine.MonotonicNs;
        actor.Tell(pulse, Rank.InBand);
        if (await pulse.Answered.ConfigureAwait(false) is { } handledNs)
            waits.Record((handledNs - sentNs) / 1e9, tag);
    }
}

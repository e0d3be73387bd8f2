using EvlActors.Actors;

namespace EvlActors.Hosting.Health;

/// <summary>Whether one stage still answers: an actor of its own there, asked once at a time.</summary>
internal sealed class StagePulse
{
    private readonly ActorRef _actor;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private Task? _asked;
    private int _late;
    private long _lateAt;

    internal StagePulse(string name, IActorEngine engine, Placement placement, TimeProvider clock)
    {
        Name = name;
        _clock = clock;
        _actor = engine.Spawn(new PulseActor(), new SpawnOptions($"health/{name}", placement));
    }

    internal string Name { get; }

    /// <summary>Asks, and waits as long as an answer may take.</summary>
    /// <returns>How many times one after another it was late; 0: it answered.</returns>
    internal async Task<int> CountLate(TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            await Ask().WaitAsync(within, _clock, cancellation).ConfigureAwait(false);
            lock (_gate)
                return _late = 0;
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                // Checks that run side by side find the same lateness, which counts once; a timer may be a little early.
                if (_late == 0 || _clock.GetElapsedTime(_lateAt) >= within / 2)
                {
                    _late++;
                    _lateAt = _clock.GetTimestamp();
                }
                return _late;
            }
        }
    }

    // A question that was not answered yet stands: a stage that is held up is not sent one more by every check.
    private Task Ask()
    {
        lock (_gate)
        {
            if (_asked is null or { IsCompleted: true })
            {
                var pulse = new Pulse();
                _asked = pulse.Answered;
                // In-band-ranked, so that it comes last: it answers for all that is queued before it.
                _actor.Tell(pulse, Rank.InBand);
            }
            return _asked;
        }
    }
}

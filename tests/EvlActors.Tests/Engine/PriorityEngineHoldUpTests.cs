using System.Collections.Concurrent;
using EvlActors.Actors;
using EvlActors.Engine;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>In-band work that out-of-band work keeps from its turn: it is said, and it stays where it is.</summary>
public sealed class PriorityEngineHoldUpTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(Placement.Oob, true)]
    [InlineData(Placement.Oob, false)]
    [InlineData(Placement.InBand, false)]
    [InlineData(Placement.OwnOob, true)]
    public async Task Traffic_NeverEnding_SaidOnceAndNotFavoured(Placement placement, bool sameActor)
    {
        var log = new HoldUpLog();
        await using var engine = new PriorityEngine(
            new PriorityEngineOptions { RealTime = false, InBandHoldUpLimit = TimeSpan.FromTicks(1) }, log);
        var busy = new Busy();
        ActorRef traffic = engine.Spawn(busy, new SpawnOptions("busy", placement));
        var patient = new Busy();
        ActorRef waiting = sameActor ? traffic : engine.Spawn(patient, new SpawnOptions("patient", Placement.WithNeighbour, Neighbour: traffic));
        Busy worker = sameActor ? busy : patient;

        traffic.Tell(new Ball(), Rank.Oob(50));
        waiting.Tell(new Work(), Rank.InBand);
        await log.Said.WaitAsync(s_limit);
        Assert.False(worker.Worked.IsCompleted);
        busy.IsOver = true;
        await worker.Worked.WaitAsync(s_limit);

        Assert.Single(log.Lines);
        Assert.Contains("In-band work in lane", log.Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void Limit_Negative_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new PriorityEngine(new PriorityEngineOptions { InBandHoldUpLimit = TimeSpan.FromSeconds(-1) }));

    private sealed class Busy : Actor
    {
        private readonly TaskCompletionSource _worked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile bool IsOver;

        public Task Worked => _worked.Task;

        protected internal override void Receive(Message message)
        {
            if (message is Work)
                _worked.SetResult();
            else if (!IsOver)
                Self.Tell(message, Rank.Oob(50));
        }
    }

    private sealed class Ball : Message
    {
        protected internal override void Undeliverable(UndeliverableReason reason)
        {
        }
    }

    private sealed class Work : Message
    {
        protected internal override void Undeliverable(UndeliverableReason reason)
        {
        }
    }

    private sealed class HoldUpLog : ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();
        private readonly TaskCompletionSource _said = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Said => _said.Task;

        public IReadOnlyCollection<string> Lines => _lines;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _lines.Enqueue(formatter(state, exception));
            _said.TrySetResult();
        }
    }
}

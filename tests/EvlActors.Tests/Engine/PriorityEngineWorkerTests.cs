using System.Collections.Concurrent;
using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>The thread of a lane's worker dies: another takes its place, and nothing is lost.</summary>
public sealed class PriorityEngineWorkerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task KillWorker_ConfiguredFourTimes_CallsAreAnsweredAndEachDeathIsCounted()
    {
        const int deaths = 4;
        const int rounds = 200;
        await using var machine = new EvlMachine(new EvlMachineOptions
        {
            Faults = new Dictionary<FaultPoint, FaultAttributes>
            {
                [FaultPoint.LaneWorker] = new() { Probability = 100, Times = deaths, Verbose = 0 },
            },
        });
        EvlProcess process = machine.CreateProcess();
        // Ordinary threads: where SCHED_FIFO is granted the worker of the oob lane runs their calls, and timers are any worker's.
        UserThread writer = process.CreateThread();
        UserThread reader = process.CreateThread();
        await reader.AttachAsync().OrThrow();
        int xbuf = await reader.CreateXbufAsync(null, 64, 64).OrThrow();
        byte[] bytes = new byte[4];
        int read = 0;
        for (int round = 0; round < rounds; round++)
        {
            ValueTask<SysResult> asleep = reader.OobReadAsync(xbuf, bytes);
            await writer.WriteAsync(xbuf, BitConverter.GetBytes(round)).OrThrow();
            Assert.Equal(4, await asleep.OrThrow());
            read += BitConverter.ToInt32(bytes);
            await writer.PollAsync(Array.Empty<PollFd>(), 1).OrThrow();
        }
        Assert.Equal(rounds * (rounds - 1) / 2, read);
        Assert.Equal(deaths, machine.Faults.Injected(FaultPoint.LaneWorker));
        Assert.False(machine.Completion.IsCompleted);
    }

    [Fact]
    public async Task Worker_Throws_TheLaneIsServedByTheNext()
    {
        var log = new ThrowingLogger();
        await using var engine = new PriorityEngine(new PriorityEngineOptions { RealTime = false }, log);
        ActorRef failing = engine.Spawn(new PlainActor(_ => throw new InvalidOperationException("of the actor")), new SpawnOptions("failing"));
        var handled = new Tally();
        ActorRef other = engine.Spawn(new PlainActor(_ => handled.Set()), new SpawnOptions("other"));
        failing.Tell(new Letter(), Rank.InBand);
        other.Tell(new Letter(), Rank.InBand);
        await handled.Ended.WaitAsync(s_limit);
        await log.Died.Ended.WaitAsync(s_limit);
        Assert.Contains("evl-inband", log.Deaths.Single(), StringComparison.Ordinal);
    }

    /// <summary>Throws where the engine says that an actor has failed, in the middle of a worker's turns.</summary>
    private sealed class ThrowingLogger : ILogger
    {
        public Tally Died { get; } = new();

        public ConcurrentQueue<string> Deaths { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == LogIds.ActorFailedUnsupervised)
                throw new InvalidOperationException("of the log");
            if (eventId.Id != LogIds.WorkerDied)
                return;
            Deaths.Enqueue(formatter(state, exception));
            Died.Set();
        }
    }
}

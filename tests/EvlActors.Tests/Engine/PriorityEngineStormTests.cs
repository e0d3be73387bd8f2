using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>Several OS threads at once: nothing is lost, nobody is stranded.</summary>
public sealed class PriorityEngineStormTests
{
    private const int Threads = 4;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    public static TheoryData<Placement, int, bool, bool> Kinds => new()
    {
        // placement, real-time priority of the threads, whether SCHED_FIFO is asked for, whether owners inherit
        { Placement.InBand, 0, true, true },
        { Placement.Oob, 0, false, false },
        { Placement.Oob, 0, true, true },
        { Placement.Oob, 30, true, true },
        { Placement.Oob, 30, true, false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Tell_ManyThreads_NothingLostAndEachSendersOrderKept(Placement placement, int priority, bool realTime, bool inherit)
    {
        const int PerThread = 5_000;
        await using PriorityEngine engine = CreateEngine(realTime, inherit);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor", placement);
        List<int>[] seen = [.. Enumerable.Range(0, Threads).Select(_ => new List<int>())];
        await OnThreads(engine, priority, thread =>
        {
            Caller caller = engine.CreateCaller(priority);
            for (int i = 0; i < PerThread; i++)
            {
                int number = i;
                if (i % 7 == 0)
                    caller.EnterAndWait(actor.Self, new Question(caller, _ => seen[thread].Add(number)), Rank.Oob(9));
                else
                    actor.Self.Tell(new Work(() => seen[thread].Add(number)), Rank.Oob(9));
            }
        });
        await bench.Door().Ask(actor.Self);
        Assert.All(seen, numbers => Assert.Equal(Enumerable.Range(0, PerThread), numbers));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task EnterAndWait_AnsweredByWayOfAnotherLane_NobodyIsStranded(Placement placement, int priority, bool realTime, bool inherit)
    {
        const int PerThread = 2_000;
        await using PriorityEngine engine = CreateEngine(realTime, inherit);
        var bench = new ActorBench(engine);
        ScriptedActor holder = bench.Spawn("holder", placement);
        ScriptedActor waker = bench.Spawn("waker", Placement.OwnInBand);
        holder.OnOther = letter => letter.Caller!.Answer(); // set below
        await OnThreads(engine, priority, _ =>
        {
            Caller caller = engine.CreateCaller(priority);
            for (int i = 0; i < PerThread; i++)
            {
                // The holder goes to sleep with the call; the message that wakes it comes from a lane that the caller does not run.
                caller.EnterAndWait(holder.Self, new Question(caller, _ => waker.Self.Tell(
                    new Work(() => holder.Self.Tell(new Letter { Caller = caller }, Rank.Oob(5))), Rank.InBand),
                    answersItself: true), Rank.Oob(5));
            }
        });
        Assert.Empty(bench.Complaints);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Timers_LaneAlwaysBusy_AllExpire(Placement placement, int priority, bool realTime, bool inherit)
    {
        const int Expiries = 200;
        await using PriorityEngine engine = CreateEngine(realTime, inherit);
        var bench = new ActorBench(engine);
        ScriptedActor timed = bench.Spawn("timed", placement);
        ScriptedActor busy = bench.Spawn("busy", placement);
        var expired = new Tally(Expiries);
        int count = 0;
        timed.OnOther = timer =>
        {
            expired.Set();
            if (++count < Expiries)
                engine.Arm((ActorTimer)timer, engine.MonotonicNs + 50_000);
        };
        await bench.Door().Ask(timed.Self, () => engine.Arm(new ActorTimer(timed.Self), engine.MonotonicNs + 50_000));
        await OnThreads(engine, priority, _ =>
        {
            Caller caller = engine.CreateCaller(priority);
            for (int i = 0; i < 20_000 && !expired.Ended.IsCompleted; i++)
                caller.EnterAndWait(busy.Self, new Question(caller, _ => { }), Rank.Oob(5));
        });
        await expired.Ended.WaitAsync(s_limit);
    }

    [Fact]
    public async Task Tell_AsTheOwnerReleases_IsHandled()
    {
        const int Rounds = 30_000;
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor busy = bench.Spawn("busy");
        ScriptedActor told = bench.Spawn("told");
        busy.OnOther = letter => letter.Caller!.Answer(); // entered by a caller
        int ownersRound = 0;
        bool isOver = false;
        Task owner = engine.StartThread(new ThreadOptions("owner"), () =>
        {
            Caller own = engine.CreateCaller();
            var letter = new Letter();
            for (int round = 1; round <= Rounds && !Volatile.Read(ref isOver); round++)
            {
                own.EnterAndWait(busy.Self, letter, Rank.InBand);
                while (Volatile.Read(ref ownersRound) < round && !Volatile.Read(ref isOver))
                    Thread.SpinWait(1);
            }
        });
        int handled = 0;
        Task teller = engine.StartThread(new ThreadOptions("teller"), () =>
        {
            using var seen = new ManualResetEventSlim();
            var random = new Random(3);
            for (int round = 1; round <= Rounds; round++)
            {
                seen.Reset();
                Volatile.Write(ref ownersRound, round);
                Thread.SpinWait(random.Next(12));
                told.Self.Tell(new Work(seen.Set), Rank.InBand);
                // Nobody else comes by: a message that is missed now stays where it is.
                if (!seen.Wait(TimeSpan.FromSeconds(20)))
                    break;
                handled++;
            }
            Volatile.Write(ref isOver, true);
        });
        await Task.WhenAll(owner, teller).WaitAsync(s_limit);
        Assert.Equal(Rounds, handled);
    }

    [Fact]
    public async Task OnAnswered_RacingWithTheAnswer_ContinuesOnce()
    {
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor oob = bench.Spawn("oob", Placement.OwnOob);
        Door door = bench.Door();
        for (int i = 0; i < 5_000; i++)
            Assert.Equal(1, (await door.Ask(oob.Self)).Handled);
    }

    private static PriorityEngine CreateEngine(bool realTime, bool inherit) =>
        new(new PriorityEngineOptions { RealTime = realTime, InheritPriority = inherit });

    private static Task OnThreads(PriorityEngine engine, int priority, Action<int> body) =>
        Task.WhenAll(Enumerable.Range(0, Threads).Select(i =>
            engine.StartThread(new ThreadOptions($"thread {i}", priority), () => body(i)))).WaitAsync(s_limit);
}

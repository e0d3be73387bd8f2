using System.Threading.Tasks.Sources;
using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>Which thread runs what.</summary>
public sealed class PriorityEngineCallerTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task EnterAndWait_LaneFree_RunsOnTheCallersThread()
    {
        await using var engine = new PriorityEngine();
        var actor = new Courier();
        ActorRef self = engine.Spawn(actor, new SpawnOptions("actor"));
        engine.CreateCaller().EnterAndWait(self, new Letter(), Rank.InBand);
        Assert.Same(Thread.CurrentThread, actor.RanOn);
    }

    [Fact]
    public async Task Enter_LaneFree_AnsweredWhenItReturns()
    {
        await using var engine = new PriorityEngine();
        ActorRef self = engine.Spawn(new Courier(), new SpawnOptions("actor"));
        Caller caller = engine.CreateCaller();
        Assert.False(caller.IsAnswered);
        caller.Enter(self, new Letter(), Rank.InBand);
        Assert.True(caller.IsAnswered);
    }

    [Fact]
    public async Task Enter_ByAnotherThreadWhileTheLastEntrysRunsLeftovers_IsAnswered()
    {
        await using var engine = new PriorityEngine(new PriorityEngineOptions { RealTime = false });
        Caller caller = engine.CreateCaller();
        using var runsLeftovers = new ManualResetEventSlim();
        using var isEnteredAgain = new ManualResetEventSlim();
        ActorRef second = engine.Spawn(new PlainActor(letter => letter.Caller!.Answer()), new SpawnOptions("second")); // entered by the caller
        ActorRef leftover = engine.Spawn(
            new PlainActor(_ =>
            {
                runsLeftovers.Set();
                isEnteredAgain.Wait(s_limit);
            }),
            new SpawnOptions("leftover"));
        ActorRef first = engine.Spawn(
            new PlainActor(letter =>
            {
                leftover.Tell(new Letter(), Rank.InBand);
                letter.Caller!.Answer(); // entered by the caller
            }),
            new SpawnOptions("first"));
        var answered = new Tally();
        Task another = engine.StartThread(new ThreadOptions("another"), () =>
        {
            runsLeftovers.Wait(s_limit);
            caller.Enter(second, new Letter(), Rank.InBand);
            caller.OnAnswered(_ => answered.Set(), null, ValueTaskSourceOnCompletedFlags.None);
            isEnteredAgain.Set();
        });
        // Once the worker, which looks into a new lane, has left it, this thread runs what it enters.
        var probe = new Courier();
        ActorRef probed = engine.Spawn(probe, new SpawnOptions("probe"));
        do
            caller.EnterAndWait(probed, new Letter(), Rank.InBand);
        while (probe.RanOn != Thread.CurrentThread);
        caller.EnterAndWait(first, new Letter(), Rank.InBand);
        await another.WaitAsync(s_limit);
        await answered.Ended.WaitAsync(s_limit);
    }

    [Fact]
    public async Task EnterAndWait_ThroughSeveralLanes_TheCallerFollows()
    {
        await using var engine = new PriorityEngine(new PriorityEngineOptions { RealTime = false });
        var last = new Courier();
        var third = new Courier(engine.Spawn(last, new SpawnOptions("last")));
        var second = new Courier(engine.Spawn(third, new SpawnOptions("third", Placement.OwnInBand)));
        var first = new Courier(engine.Spawn(second, new SpawnOptions("second", Placement.Oob)));
        ActorRef entrance = engine.Spawn(first, new SpawnOptions("first"));
        engine.CreateCaller().EnterAndWait(entrance, new Letter(), Rank.InBand);
        Assert.All([first, second, third, last], courier => Assert.Same(Thread.CurrentThread, courier.RanOn));
    }

    [Fact]
    public async Task EnterAndWait_OobLane_RunByRealTimeThreadsOnly()
    {
        await using var engine = new PriorityEngine();
        var actor = new Courier();
        ActorRef self = engine.Spawn(actor, new SpawnOptions("actor", Placement.Oob));
        engine.CreateCaller(50).EnterAndWait(self, new Letter(), Rank.Oob(50));
        Assert.Equal(!engine.RealTimeGranted, actor.RanOn == Thread.CurrentThread);

        Thread? thread = null;
        await engine.StartThread(new ThreadOptions("fifo", RealTimePriority: 50), () =>
        {
            thread = Thread.CurrentThread;
            engine.CreateCaller(50).EnterAndWait(self, new Letter(), Rank.Oob(50));
        }).WaitAsync(s_limit);
        Assert.Same(thread, actor.RanOn);
    }

    [Fact]
    public async Task EnterAndWait_HeldAndAnsweredFromAnotherLane_Returns()
    {
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor holder = bench.Spawn("holder");
        ScriptedActor waker = bench.Spawn("waker", Placement.OwnOob);
        holder.OnOther = letter => letter.Caller!.Answer(); // set below
        var held = new Tally();
        Caller caller = engine.CreateCaller();
        Question question = new(caller, _ => held.Set(), answersItself: true);
        Task waiting = engine.StartThread(new ThreadOptions("waiting"), () =>
            caller.EnterAndWait(holder.Self, question, Rank.InBand));
        await held.Ended.WaitAsync(s_limit);
        Assert.False(waiting.IsCompleted);
        // As a wait queue does: the answer is a turn of the holder, and its message names the caller who sleeps.
        waker.Self.Tell(new Work(() => holder.Self.Tell(new Letter { Caller = caller }, Rank.Oob(3))), Rank.Head);
        await waiting.WaitAsync(s_limit);
        Assert.True(caller.IsAnswered);
    }

    [Fact]
    public async Task OnAnswered_SchedulingContextAskedFor_ContinuesThere()
    {
        await using var engine = new PriorityEngine();
        ActorRef self = engine.Spawn(new Courier(), new SpawnOptions("actor"));
        Caller caller = engine.CreateCaller();
        var context = new CountingContext();
        var continued = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            caller.Enter(self, new Letter(), Rank.InBand);
            caller.OnAnswered(_ => continued.SetResult(), null, ValueTaskSourceOnCompletedFlags.UseSchedulingContext);
            Assert.Same(context, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
        await continued.Task.WaitAsync(s_limit);
        Assert.Equal(1, context.Posts);
    }

    [Fact]
    public async Task OnAnswered_Twice_Throws()
    {
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor holder = bench.Spawn("holder");
        Caller caller = engine.CreateCaller();
        Question? held = null;
        caller.Enter(holder.Self, new Question(caller, question => held = question, answersItself: true), Rank.InBand);
        var continued = new Tally();
        caller.OnAnswered(_ => continued.Set(), null, ValueTaskSourceOnCompletedFlags.None);
        Assert.Throws<InvalidOperationException>(() =>
            caller.OnAnswered(_ => continued.Set(), null, ValueTaskSourceOnCompletedFlags.None));
        await bench.Door().Ask(holder.Self, () => held!.Answer());
        await continued.Ended.WaitAsync(s_limit);
        Assert.Equal(0, continued.Surplus);
    }

    [Fact]
    public async Task Answer_Twice_Throws()
    {
        await using var engine = new PriorityEngine();
        ActorRef self = engine.Spawn(new Courier(), new SpawnOptions("actor"));
        Caller caller = engine.CreateCaller();
        caller.EnterAndWait(self, new Letter(), Rank.InBand);
        Assert.Throws<InvalidOperationException>(caller.Answer);
    }

    [Fact]
    public async Task StartThread_BodyThrows_TaskFaults()
    {
        await using var engine = new PriorityEngine();
        Task ended = engine.StartThread(new ThreadOptions("body", 10), () => throw new NotSupportedException("told"));
        Assert.Equal("told", (await Assert.ThrowsAsync<NotSupportedException>(() => ended.WaitAsync(s_limit))).Message);
    }

    [Fact]
    public async Task StartThread_RealTimePriority_AsGranted()
    {
        await using var engine = new PriorityEngine();
        bool isRealTime = false;
        string? name = null;
        await engine.StartThread(new ThreadOptions("sampler", 99, Cpu: 0), () =>
        {
            isRealTime = OsThread.Current.IsRealTime;
            name = Thread.CurrentThread.Name;
        }).WaitAsync(s_limit);
        Assert.Equal(engine.RealTimeGranted, isRealTime);
        Assert.Equal("sampler", name);
    }

    private sealed class CountingContext : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Post(d, state);
        }
    }
}

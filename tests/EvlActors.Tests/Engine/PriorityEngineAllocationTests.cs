using EvlActors.Actors;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>Once warm, calling in allocates nothing.</summary>
public sealed class PriorityEngineAllocationTests
{
    private const int Calls = 2_000;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(0, false)] // runs both lanes itself
    [InlineData(40, true)] // does so under SCHED_FIFO, where that is granted
    [InlineData(0, true)] // parks, where it is
    public async Task EnterAndWait_ThroughTwoLanes_NoAllocation(int priority, bool realTime)
    {
        await using var engine = new PriorityEngine(new PriorityEngineOptions { RealTime = realTime });
        ActorRef last = engine.Spawn(new Courier(), new SpawnOptions("last"));
        ActorRef middle = engine.Spawn(new Courier(last), new SpawnOptions("middle", Placement.Oob));
        ActorRef first = engine.Spawn(new Courier(middle), new SpawnOptions("first"));
        var letter = new Letter();
        long bytes = await AllocatedBytes(engine, priority, caller => caller.EnterAndWait(first, letter, Rank.Oob(7)));
        Assert.Equal(0, bytes);
    }

    [Fact]
    public async Task Enter_AnsweredAtOnce_NoAllocation()
    {
        await using var engine = new PriorityEngine();
        ActorRef actor = engine.Spawn(new Courier(), new SpawnOptions("actor"));
        var letter = new Letter();
        Assert.Equal(0, await AllocatedBytes(engine, 0, caller => caller.Enter(actor, letter, Rank.InBand)));
    }

    [Fact]
    public async Task Arm_AndDisarm_NoAllocation()
    {
        await using var engine = new PriorityEngine();
        var actor = new Alarm();
        ActorRef self = engine.Spawn(actor, new SpawnOptions("actor"));
        var letter = new Letter();
        Assert.Equal(0, await AllocatedBytes(engine, 0, caller => caller.EnterAndWait(self, letter, Rank.InBand)));
        Assert.True(actor.Expired > 0);
    }

    private static async Task<long> AllocatedBytes(PriorityEngine engine, int priority, Action<Caller> call)
    {
        long bytes = -1;
        await engine.StartThread(new ThreadOptions("measured", priority), () =>
        {
            Caller caller = engine.CreateCaller(priority);
            for (int i = 0; i < Calls; i++)
                call(caller);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                call(caller);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }).WaitAsync(s_limit);
        return bytes;
    }

    private sealed class Alarm : Actor
    {
        private ActorTimer? _due;
        private ActorTimer? _never;

        public int Expired { get; private set; }

        protected internal override void Receive(Message message)
        {
            if (message is ActorTimer)
            {
                Expired++;
                return;
            }
            _due ??= new ActorTimer(Self);
            _never ??= new ActorTimer(Self);
            Engine.Arm(_never, long.MaxValue);
            Engine.Arm(_due, 0);
            Engine.Disarm(_never);
            message.Caller!.Answer(); // entered by a caller
        }
    }
}

using System.Threading.Tasks.Sources;
using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>
/// A turn in the oob lane has taken the in-band lane for the call that went there; more of the caller's messages hold its thread in
/// the oob lane, and meanwhile the worker takes the in-band lane: nothing of the caller's run is left behind there.
/// </summary>
public sealed class PriorityEngineLeftLaneTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Answer_ByTheWorkerOfALaneThatWasLeft_ReachesTheCaller() =>
        await Play(forwarded: false, caller => caller.Answer);

    [Fact]
    public async Task Tell_ByTheWorkerOfALaneThatWasLeft_WakesTheOtherLane() =>
        await Play(forwarded: false, (caller, answering) => () => answering.Tell(new Letter { Caller = caller }, Rank.InBand));

    [Fact]
    public async Task Tell_FromALaneThatWasLeftToAThird_IsHandledWhileTheWorkerHasTheLane() =>
        await Play(forwarded: true, _ => static () => { });

    private static Task Play(bool forwarded, Func<Caller, Action> inTheWorkersTurn) =>
        Play(forwarded, (caller, _) => inTheWorkersTurn(caller));

    private static async Task Play(bool forwarded, Func<Caller, ActorRef, Action> inTheWorkersTurn)
    {
        await using var engine = new PriorityEngine(new PriorityEngineOptions { RealTime = false });
        Caller caller = engine.CreateCaller();
        using var workerRuns = new ManualResetEventSlim();
        using var callerLeft = new ManualResetEventSlim();
        using var answered = new ManualResetEventSlim();
        bool inTime = true;
        bool isOtherThread = false;

        ActorRef answering = Spawn(Placement.Oob, message => message.Caller!.Answer());
        var thirdIsUp = new Tally();
        ActorRef third = Spawn(Placement.OwnInBand, message =>
        {
            if (message.Caller is { } asking)
                asking.Answer();
            else
                thirdIsUp.Set();
        });
        // Its worker has begun: it does not look again without being woken.
        third.Tell(new Letter(), Rank.InBand);
        await thirdIsUp.Ended.WaitAsync(s_limit);
        Thread callersThread = Thread.CurrentThread;
        ActorRef left = Spawn(Placement.InBand, message =>
        {
            if (forwarded)
                third.Tell(message, message.Rank);
        });
        Action act = inTheWorkersTurn(caller, answering);
        ActorRef onWorker = Spawn(Placement.InBand, _ =>
        {
            isOtherThread = Thread.CurrentThread != callersThread;
            workerRuns.Set();
            inTime &= callerLeft.Wait(s_limit);
            act();
            // What the third lane is sent does not wait for the end of this turn.
            if (forwarded)
                inTime &= answered.Wait(s_limit);
        });
        ActorRef holding = Spawn(Placement.Oob, _ =>
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => onWorker.Tell(new Letter(), Rank.InBand), null);
            inTime &= workerRuns.Wait(s_limit);
        });
        ActorRef first = Spawn(Placement.Oob, _ =>
        {
            left.Tell(new Letter { Caller = caller }, Rank.InBand);
            holding.Tell(new Letter { Caller = caller }, Rank.InBand);
        });

        var ended = new Tally();
        caller.Enter(first, new Letter(), Rank.InBand);
        caller.OnAnswered(
            _ =>
            {
                answered.Set();
                ended.Set();
            },
            null,
            ValueTaskSourceOnCompletedFlags.None);
        callerLeft.Set();
        await ended.Ended.WaitAsync(s_limit);
        Assert.True(isOtherThread);
        Assert.True(inTime);

        ActorRef Spawn(Placement placement, Action<Message> turn) =>
            engine.Spawn(new PlainActor(turn), new SpawnOptions("actor", placement));
    }
}

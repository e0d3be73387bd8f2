using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>A turn that ends by handing its message on is followed by the receiver's at once, unless something else is due before.</summary>
public sealed class PriorityEngineHandOnTests
{
    [Fact]
    public async Task HandOn_NothingElseWaits_ReceiversTurnIsNext()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        var handled = new List<string>();
        AnsweringActor second = New(engine, message =>
        {
            handled.Add("second");
            return true;
        });
        AnsweringActor first = null!;
        first = New(engine, message =>
        {
            bool isAnswered = second.Self.HandOn(first, message, message.Rank);
            handled.Add(isAnswered ? "first has the answer" : "first has none");
            return isAnswered;
        });
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand);
        Assert.Equal(["second", "first has the answer"], handled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(1)]
    public async Task HandOn_SomethingAsUrgentWaits_ThatGoesFirst(int priority)
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        var handled = new List<string>();
        ActorRef urgent = engine.Spawn(new PlainActor(_ => handled.Add("urgent")), new SpawnOptions("urgent"));
        AnsweringActor last = New(engine, message =>
        {
            handled.Add("last");
            return true;
        });
        AnsweringActor first = null!;
        first = New(engine, message =>
        {
            urgent.Tell(new Letter(), priority == 0 ? Rank.Head : Rank.Oob(priority));
            Assert.False(last.Self.HandOn(first, message, Rank.Oob(1)));
            handled.Add("first");
            return false;
        });
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand);
        Assert.Equal(["first", "urgent", "last"], handled);
    }

    [Fact]
    public async Task HandOn_SomethingLessUrgentWaits_ItGoesLater()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        var handled = new List<string>();
        ActorRef idle = engine.Spawn(new PlainActor(message =>
        {
            handled.Add("less urgent");
            caller.Answer();
        }), new SpawnOptions("idle"));
        AnsweringActor next = New(engine, _ =>
        {
            handled.Add("next");
            return false;
        });
        AnsweringActor first = null!;
        first = New(engine, message =>
        {
            idle.Tell(new Letter { Caller = caller }, Rank.InBand);
            return next.Self.HandOn(first, message, Rank.Oob(1));
        });
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand);
        Assert.Equal(["next", "less urgent"], handled);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task HandOn_ReceiverTellsMoreUrgentOnesAndAnswers_TheyGoBeforeTheAnswer(int count)
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        var handled = new List<string>();
        ActorRef[] urgent = [.. Enumerable.Range(1, count).Select(i => engine.Spawn(new PlainActor(_ => handled.Add($"urgent {i}")), new SpawnOptions("urgent")))];
        AnsweringActor second = null!;
        second = New(engine, message =>
        {
            for (int i = 0; i < count; i++)
                urgent[i].Tell(new Letter(), Rank.Oob(50 - i));
            handled.Add("second");
            return true;
        });
        AnsweringActor first = null!;
        first = New(engine, message =>
        {
            bool isAnswered = second.Self.HandOn(first, message, Rank.Oob(1)) && first.Self.IsNext(Rank.Oob(1));
            if (isAnswered)
                handled.Add("first has the answer");
            return isAnswered || AnswerLater(first, caller, handled);
        });
        caller.EnterAndWait(first.Self, new Letter(), Rank.Oob(1));
        Assert.Equal(["second", .. Enumerable.Range(1, count).Select(i => $"urgent {i}"), "first has the answer"], handled);

        static bool AnswerLater(AnsweringActor first, Caller caller, List<string> handled)
        {
            ActorRef last = first.Engine.Spawn(new PlainActor(_ =>
            {
                handled.Add("first has the answer");
                caller.Answer();
            }), new SpawnOptions("last"));
            last.Tell(new Letter { Caller = caller }, Rank.Oob(1));
            return false;
        }
    }

    [Fact]
    public async Task HandOn_ReceiverTellsForeignCodeThatIsMoreUrgent_TheAnswerIsNotNext()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        var bench = new ActorBench(engine);
        ScriptedActor foreign = bench.Spawn("foreign");
        int ran = 0;
        AnsweringActor second = New(engine, message =>
        {
            foreign.Self.Tell(new Work(() => ran++), Rank.Head);
            return true;
        });
        AnsweringActor first = null!;
        bool isAnswered = false;
        bool isNext = true;
        int ranBefore = -1;
        first = New(engine, message =>
        {
            isAnswered = second.Self.HandOn(first, message, message.Rank);
            isNext = first.Self.IsNext(message.Rank);
            ranBefore = ran;
            return true;
        });
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand);
        Assert.Equal((true, false, 0), (isAnswered, isNext, ranBefore));
    }

    [Fact]
    public async Task HandOn_ReceiverWasToldToStop_MessageIsGivenBack()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        int handled = 0;
        AnsweringActor stopped = New(engine, _ =>
        {
            handled++;
            return true;
        });
        AnsweringActor first = null!;
        first = New(engine, message =>
        {
            engine.Stop(stopped.Self);
            return stopped.Self.HandOn(first, message, message.Rank);
        });
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand); // given back, a letter answers its caller
        Assert.Equal(0, handled);
    }

    [Fact]
    public async Task HandOn_ToAndFroManyTimes_StackStaysLow()
    {
        const int Hops = 10_000;
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        int hops = 0;
        int depth = 0;
        int deepest = 0;
        var pair = new AnsweringActor[2];
        bool Pass(int self, Message message)
        {
            deepest = Math.Max(deepest, ++depth);
            bool isAnswered = ++hops == Hops;
            if (isAnswered)
                caller.Answer();
            else
                Assert.False(pair[1 - self].Self.HandOn(pair[self], message, message.Rank));
            depth--;
            return false;
        }
        pair[0] = New(engine, message => Pass(0, message));
        pair[1] = New(engine, message => Pass(1, message));
        caller.EnterAndWait(pair[0].Self, new Letter(), Rank.InBand);
        Assert.Equal(Hops, hops);
        Assert.InRange(deepest, 2, 32);
    }

    [Fact]
    public async Task HandOn_ReceiverOfAnotherLane_HandledThereAndNotAnsweredHere()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        int handled = 0;
        bool isAnswered = true;
        AnsweringActor other = New(engine, message =>
        {
            handled++;
            return true;
        }, Placement.OwnInBand);
        AnsweringActor first = null!;
        first = New(engine, message => isAnswered = other.Self.HandOn(first, message, message.Rank));
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand);
        var bench = new ActorBench(engine);
        await bench.Door().Ask(bench.Spawn("neighbour").Self); // the first actor's turn is over
        Assert.Equal(1, handled);
        Assert.False(isAnswered);
    }

    [Fact]
    public async Task HandOn_ReceiverThrows_ItFailsAndNoOther()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        ActorFailed? failed = null;
        ActorRef supervisor = engine.Spawn(new PlainActor(message =>
        {
            failed = (ActorFailed)message;
            caller.Answer();
        }), new SpawnOptions("supervisor"));
        AnsweringActor throwing = New(engine, _ => throw new InvalidOperationException("planted"), supervisor: supervisor);
        AnsweringActor between = null!;
        between = New(engine, message => throwing.Self.HandOn(between, message, message.Rank), supervisor: supervisor);
        AnsweringActor first = null!;
        first = New(engine, message => between.Self.HandOn(first, message, message.Rank), supervisor: supervisor);
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand);
        Assert.Equal((throwing.Self, "planted"), (failed!.Actor, failed.Cause.Message));
        failed = null;
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand);
        Assert.Null(failed);
    }

    [Fact]
    public async Task HandOn_SenderThrowsAfterTheAnswer_SenderFails()
    {
        await using var engine = new PriorityEngine();
        Caller caller = engine.CreateCaller();
        ActorRef? failed = null;
        ActorRef supervisor = engine.Spawn(new PlainActor(message =>
        {
            failed = ((ActorFailed)message).Actor;
            caller.Answer();
        }), new SpawnOptions("supervisor"));
        AnsweringActor answering = New(engine, _ => true, supervisor: supervisor);
        AnsweringActor first = null!;
        first = New(engine, message => answering.Self.HandOn(first, message, message.Rank) ? throw new InvalidOperationException("planted") : false,
            supervisor: supervisor);
        caller.EnterAndWait(first.Self, new Letter(), Rank.InBand);
        Assert.Same(first.Self, failed);
    }

    private static AnsweringActor New(
        PriorityEngine engine, Func<Message, bool> turn, Placement placement = Placement.InBand, ActorRef? supervisor = null)
    {
        var actor = new AnsweringActor(turn);
        engine.Spawn(actor, new SpawnOptions("actor", placement, supervisor));
        return actor;
    }
}

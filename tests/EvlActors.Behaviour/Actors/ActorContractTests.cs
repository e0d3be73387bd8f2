using EvlActors.Actors;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>What every engine must do, whatever runs its actors.</summary>
public abstract class ActorContractTests
{
    private static readonly Placement[] s_placements = [Placement.InBand, Placement.Oob, Placement.OwnOob];

    /// <summary>How often each scenario is run, each time on an engine of its own.</summary>
    protected virtual int Rounds => 1;

    /// <summary>Makes the engine of one run.</summary>
    protected abstract IActorEngine CreateEngine();

    /// <summary>Runs a scenario on an engine; fails if it does not end.</summary>
    protected abstract Task Run(IActorEngine engine, Func<Task> scenario);

    [Fact]
    public Task Tell_SameRank_HandledInOrderOfArrival() => Play(async bench =>
    {
        Door door = bench.Door();
        foreach (Rank rank in new[] { Rank.Head, Rank.Oob(50), Rank.InBand })
        {
            ScriptedActor actor = bench.Spawn($"actor of {rank}");
            for (int i = 0; i < 300; i++)
                actor.TellNote(i, rank);
            await door.Ask(actor.Self);
            Assert.Equal(Enumerable.Range(0, 300), actor.Notes);
        }
    });

    [Fact]
    public Task Tell_AllRanks_HighestHandledFirst() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        Door door = bench.Door();
        await door.Ask(actor.Self, () =>
        {
            actor.TellNote(4, Rank.InBand);
            actor.TellNote(3, Rank.Oob(1));
            actor.TellNote(2, Rank.Oob(98));
            actor.TellNote(1, Rank.Head);
        });
        await door.Ask(actor.Self);
        Assert.Equal([1, 2, 3, 4], actor.Notes);
    });

    [Fact]
    public Task Tell_MixedRanks_StableWithinEachRank() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        Door door = bench.Door();
        var draws = new SplitMix(7);
        Rank[] ranks = [.. Enumerable.Range(0, 400).Select(_ => draws.Below(10) switch
        {
            0 => Rank.Head,
            1 => Rank.InBand,
            _ => Rank.Oob(draws.Below(100)),
        })];
        await door.Ask(actor.Self, () =>
        {
            for (int i = 0; i < ranks.Length; i++)
                actor.TellNote(i, ranks[i]);
        });
        await door.Ask(actor.Self);
        Assert.Equal(Enumerable.Range(0, ranks.Length).OrderBy(i => ranks[i].Level), actor.Notes);
    });

    [Fact]
    public Task Tell_ToSelf_RunsAfterTheTurn() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        Door door = bench.Door();
        await door.Ask(actor.Self, () =>
        {
            actor.TellNote(2, Rank.Head);
            actor.Notes.Add(1);
        });
        await door.Ask(actor.Self);
        Assert.Equal([1, 2], actor.Notes);
    });

    [Fact]
    public Task Tell_ThroughAnotherActor_ArrivesAfterWhatLedToIt() => Play(async bench =>
    {
        const int Rounds = 20;
        Door door = bench.Door();
        foreach (Placement first in s_placements)
        {
            foreach (Placement second in s_placements)
            {
                foreach (Placement last in s_placements)
                {
                    ScriptedActor a = bench.Spawn("a", first);
                    ScriptedActor b = bench.Spawn("b", second);
                    ScriptedActor x = bench.Spawn("x", last);
                    var arrived = new Tally(2 * Rounds);
                    Work Arrive(int number) => new(() =>
                    {
                        x.Notes.Add(number);
                        arrived.Set();
                    });
                    for (int i = 0; i < Rounds; i++)
                    {
                        int round = i;
                        Rank rank = i % 2 == 0 ? Rank.InBand : Rank.Oob(10);
                        a.Self.Tell(new Work(() =>
                        {
                            x.Self.Tell(Arrive(2 * round), rank);
                            b.Self.Tell(new Work(() => x.Self.Tell(Arrive(2 * round + 1), rank)), Rank.Head);
                        }), Rank.InBand);
                    }
                    await arrived.Ended;
                    await door.Ask(x.Self);
                    for (int i = 0; i < Rounds; i++)
                        Assert.True(x.Notes.IndexOf(2 * i) < x.Notes.IndexOf(2 * i + 1), $"{first} -> {second} -> {last}, round {i}");
                }
            }
        }
    });

    [Fact]
    public Task Enter_AlreadyInFlight_Throws() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        Door door = bench.Door();
        Question? held = null;
        ValueTask<Question> first = door.AskLater(actor.Self, question => held = question);
        Assert.False(door.IsAnswered);
        await Assert.ThrowsAsync<InvalidOperationException>(() => door.Ask(actor.Self).AsTask());
        await bench.Door().Ask(actor.Self, () => held!.Answer());
        Assert.Equal(1, (await first).Handled);
        await door.Ask(actor.Self);
        Assert.True(door.IsAnswered);
    });

    [Fact]
    public Task Enter_CallersContext_AbsentInTurnAndThereAfter() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        Door door = bench.Door();
        SynchronizationContext? own = SynchronizationContext.Current;
        var other = new SynchronizationContext();
        SynchronizationContext? inTurn = other;
        SynchronizationContext? after;
        ValueTask<Question> asked;
        SynchronizationContext.SetSynchronizationContext(other);
        try
        {
            asked = door.Ask(actor.Self, () => inTurn = SynchronizationContext.Current);
            after = SynchronizationContext.Current;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(own);
        }
        await asked;
        Assert.Null(inTurn);
        Assert.Same(other, after);
    });

    [Fact]
    public Task Turn_LeavesContextBehind_NextTurnHasNone() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        ScriptedActor other = bench.Spawn("other");
        var local = new AsyncLocal<int>();
        var seen = new Tally(2);
        Work See() => new(() =>
        {
            if (SynchronizationContext.Current is not null)
                bench.Complain("The last turn's SynchronizationContext was there.");
            if (local.Value != 0)
                bench.Complain("The last turn's AsyncLocal was there.");
            seen.Set();
        });
        await bench.Door().Ask(actor.Self, () =>
        {
            // Queued before, so that nothing but the engine comes between the turns.
            actor.Self.Tell(See(), Rank.Head);
            other.Self.Tell(See(), Rank.Head);
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            local.Value = 7;
        });
        Assert.Equal(0, local.Value);
        await seen.Ended;
    });

    [Fact]
    public Task EnterAndWait_FromATurn_Throws() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        ScriptedActor other = bench.Spawn("other");
        Door inner = bench.Door();
        Exception? thrown = null;
        await bench.Door().Ask(actor.Self, () => thrown = Record.Exception(() => inner.AskAndWait(other.Self)));
        Assert.IsType<InvalidOperationException>(thrown);
    });

    [Fact]
    public Task Enter_ManyCallers_AllAnswered() => Play(async bench =>
    {
        const int Callers = 40;
        const int Calls = 50;
        ScriptedActor[] counters = [.. s_placements.Select(placement => bench.Spawn($"counter {placement}", placement))];
        int[] counts = new int[counters.Length];
        Task[] bodies = [.. Enumerable.Range(0, Callers).Select(number => bench.Engine.RunBody(async () =>
        {
            Door door = bench.Door();
            for (int i = 0; i < Calls; i++)
            {
                int at = (number + i) % counters.Length;
                // Not atomic: turns of one actor need no lock.
                await door.Ask(counters[at].Self, () => counts[at]++, i % 2 == 0 ? Rank.InBand : Rank.Oob(i));
            }
        }))];
        await Task.WhenAll(bodies);
        Assert.Equal(Callers * Calls, counts.Sum());
    });

    [Fact]
    public Task RunBody_Throws_TaskFaults() => Play(async bench =>
    {
        Task sync = bench.Engine.RunBody(() => throw new TimeoutException("sync"));
        Task async = bench.Engine.RunBody(async () =>
        {
            await bench.Door().Ask(bench.Spawn("actor").Self);
            throw new TimeoutException("async");
        });
        Assert.Equal("sync", (await Assert.ThrowsAsync<TimeoutException>(() => sync)).Message);
        Assert.Equal("async", (await Assert.ThrowsAsync<TimeoutException>(() => async)).Message);
    });

    [Fact]
    public Task Receive_Throws_QueuedAndLaterMessagesAreGivenBackOnce() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        Tally givenBack = new(4);
        Work[] queued = [.. Enumerable.Range(0, 4).Select(_ => new Work(null, _ => givenBack.Set()))];
        actor.Self.Tell(new Work(() =>
        {
            actor.Self.Tell(queued[0], Rank.InBand);
            actor.Self.Tell(queued[1], Rank.Head);
            actor.Self.Tell(queued[2], Rank.Oob(3));
            actor.Self.Tell(queued[3], Rank.InBand);
            throw new TimeoutException();
        }), Rank.InBand);
        await givenBack.Ended;
        Question later = await bench.Door().Ask(actor.Self);
        Assert.Equal((0, 1), (later.Handled, later.GivenBack));
        Assert.All(queued, work => Assert.Equal((0, 1, UndeliverableReason.Failed), (work.Handled, work.GivenBack, work.Reason)));
        Assert.Equal(1, actor.StoppedCalls);
    });

    [Fact]
    public Task Receive_Throws_SupervisorHearsOfIt() => Play(async bench =>
    {
        ScriptedActor supervisor = bench.Spawn("supervisor");
        var heard = new Tally();
        ActorFailed? failure = null;
        supervisor.OnOther = message =>
        {
            failure = (ActorFailed)message;
            heard.Set();
        };
        ScriptedActor actor = bench.Spawn("actor", Placement.Oob, supervisor.Self);
        var cause = new TimeoutException();
        actor.Self.Tell(new Work(() => throw cause), Rank.InBand);
        await heard.Ended;
        Assert.Same(actor.Self, failure!.Actor);
        Assert.Same(cause, failure.Cause);
        await bench.Door().Ask(supervisor.Self);
        Assert.Equal(0, heard.Surplus);
    });

    [Fact]
    public Task Stop_InItsOwnTurn_HandlesNothingMore() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        Tally givenBack = new(2);
        Work[] queued = [.. Enumerable.Range(0, 2).Select(_ => new Work(null, _ => givenBack.Set()))];
        await bench.Door().Ask(actor.Self, () =>
        {
            actor.Self.Tell(queued[0], Rank.Head);
            bench.Engine.Stop(actor.Self);
            actor.Self.Tell(queued[1], Rank.InBand);
            bench.Engine.Stop(actor.Self);
            actor.Notes.Add(1);
        });
        await givenBack.Ended;
        Assert.All(queued, work => Assert.Equal((0, 1, UndeliverableReason.Stopped), (work.Handled, work.GivenBack, work.Reason)));
        Assert.Equal([1], actor.Notes);
        Assert.Equal(1, actor.StoppedCalls);
    });

    [Fact]
    public Task Stop_FromOutside_EveryMessageHandledOrGivenBackOnce() => Play(async bench =>
    {
        const int Count = 100;
        ScriptedActor supervisor = bench.Spawn("supervisor");
        supervisor.OnOther = message => bench.Complain($"{message} though nothing failed");
        ScriptedActor actor = bench.Spawn("actor", Placement.Oob, supervisor.Self);
        var done = new Tally(Count);
        Work[] all = [.. Enumerable.Range(0, Count).Select(_ => new Work(done.Set, _ => done.Set()))];
        for (int i = 0; i < Count; i++)
        {
            if (i == Count / 2)
                bench.Engine.Stop(actor.Self);
            actor.Self.Tell(all[i], i % 3 == 0 ? Rank.Head : Rank.InBand);
        }
        bench.Engine.Stop(actor.Self);
        await done.Ended;
        Question later = await bench.Door().Ask(actor.Self);
        Assert.Equal((0, UndeliverableReason.Stopped), (later.Handled, later.Reason));
        await bench.Door().Ask(supervisor.Self);
        Assert.All(all, work => Assert.Equal(1, work.Handled + work.GivenBack));
        Assert.Equal(0, done.Surplus);
        Assert.Equal(1, actor.StoppedCalls);
    });

    [Fact]
    public Task Stopped_RunsBeforeTheQueueIsGivenBack() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        var order = new List<string>();
        var done = new Tally();
        actor.OnStopped = () => order.Add("stopped");
        await bench.Door().Ask(actor.Self, () =>
        {
            actor.Self.Tell(new Work(null, _ =>
            {
                order.Add("given back");
                done.Set();
            }), Rank.InBand);
            bench.Engine.Stop(actor.Self);
        });
        await done.Ended;
        Assert.Equal(["stopped", "given back"], order);
    });

    [Fact]
    public Task Undeliverable_Sends_AreDelivered() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        ScriptedActor other = bench.Spawn("other", Placement.Oob);
        var arrived = new Tally(2);
        Work Forwarder() => new(null, _ => other.Self.Tell(new Work(arrived.Set), Rank.InBand));
        await bench.Door().Ask(actor.Self, () =>
        {
            actor.Self.Tell(Forwarder(), Rank.InBand);
            bench.Engine.Stop(actor.Self);
        });
        actor.Self.Tell(Forwarder(), Rank.InBand);
        await arrived.Ended;
    });

    [Fact]
    public Task Arm_SeveralTimers_ExpireInOrderOfTheirDates() => Play(async bench =>
    {
        var expired = new Tally(3);
        TimedActor timed = SpawnTimed(bench, expired);
        ActorTimer[] timers = [.. Enumerable.Range(0, 3).Select(i => new ActorTimer(timed.Self, i))];
        await bench.Door().Ask(timed.Self, () =>
        {
            // On a busy host a date may have come before the next timer is armed: then all are armed again, for later.
            long now;
            long step = 1_000_000;
            do
            {
                now = bench.Engine.MonotonicNs;
                bench.Engine.Arm(timers[2], now + 3 * step);
                bench.Engine.Arm(timers[0], now + step);
                bench.Engine.Arm(timers[1], now + 2 * step);
                step *= 4;
            }
            while (bench.Engine.MonotonicNs >= now + step / 4);
        });
        await expired.Ended;
        await bench.Door().Ask(timed.Self);
        Assert.Equal([0, 1, 2], timed.Notes);
        Assert.All(timers, timer => Assert.False(timer.IsArmed));
    });

    [Fact]
    public Task Arm_DateInThePast_ExpiresAtOnceAheadOfOtherRanks() => Play(async bench =>
    {
        var expired = new Tally();
        TimedActor timed = SpawnTimed(bench, expired);
        await bench.Door().Ask(timed.Self, () =>
        {
            timed.Actor.TellNote(10, Rank.Oob(99));
            bench.Engine.Arm(new ActorTimer(timed.Self, 0), 0);
            Assert.Empty(timed.Notes);
        });
        await expired.Ended;
        await bench.Door().Ask(timed.Self);
        Assert.Equal([0, 10], timed.Notes);
    });

    [Fact]
    public Task Arm_Armed_ExpiresOnceAtTheNewDate() => Play(async bench =>
    {
        var expired = new Tally(3);
        TimedActor timed = SpawnTimed(bench, expired);
        var earlier = new ActorTimer(timed.Self, 1);
        var later = new ActorTimer(timed.Self, 3);
        await bench.Door().Ask(timed.Self, () =>
        {
            // Far enough for the turn to be over first, on a busy computer too.
            long now = bench.Engine.MonotonicNs;
            bench.Engine.Arm(earlier, now + 3_600_000_000_000);
            bench.Engine.Arm(later, now + 50_000_000);
            bench.Engine.Arm(new ActorTimer(timed.Self, 2), now + 100_000_000);
            bench.Engine.Arm(earlier, now + 50_000_000);
            bench.Engine.Arm(later, now + 150_000_000);
        });
        await expired.Ended;
        await bench.Door().Ask(timed.Self);
        Assert.Equal([1, 2, 3], timed.Notes);
    });

    [Fact]
    public Task Arm_ExpiredAndQueued_ExpiresOnceAtTheNewDate() => Play(async bench =>
    {
        var expired = new Tally(2);
        TimedActor timed = SpawnTimed(bench, expired);
        var timer = new ActorTimer(timed.Self, 1);
        await bench.Door().Ask(timed.Self, () =>
        {
            long now = bench.Engine.MonotonicNs;
            bench.Engine.Arm(timer, now);
            bench.Engine.Arm(timer, now + 1_000_000);
            bench.Engine.Arm(new ActorTimer(timed.Self, 2), now + 3_000_000);
            Assert.True(timer.IsArmed);
        });
        await expired.Ended;
        await bench.Door().Ask(timed.Self);
        Assert.Equal([1, 2], timed.Notes);
    });

    [Fact]
    public Task Arm_InItsOwnExpiry_ExpiresAgain() => Play(async bench =>
    {
        var expired = new Tally(5);
        TimedActor timed = SpawnTimed(bench, expired);
        var timer = new ActorTimer(timed.Self, 1);
        timed.Expired = () =>
        {
            if (timed.Notes.Count < 5)
                bench.Engine.Arm(timer, timer.DueNs + 100_000);
        };
        await bench.Door().Ask(timed.Self, () => bench.Engine.Arm(timer, bench.Engine.MonotonicNs + 100_000));
        await expired.Ended;
        await bench.Door().Ask(timed.Self);
        Assert.Equal([1, 1, 1, 1, 1], timed.Notes);
    });

    [Fact]
    public Task Disarm_ArmedOrQueued_DoesNotExpire() => Play(async bench =>
    {
        var expired = new Tally();
        TimedActor timed = SpawnTimed(bench, expired);
        await bench.Door().Ask(timed.Self, () =>
        {
            long now = bench.Engine.MonotonicNs;
            var armed = new ActorTimer(timed.Self, 1);
            bench.Engine.Arm(armed, now + 1_000_000);
            bench.Engine.Disarm(armed);
            var queued = new ActorTimer(timed.Self, 2);
            bench.Engine.Arm(queued, now);
            bench.Engine.Disarm(queued);
            bench.Engine.Disarm(new ActorTimer(timed.Self, 4));
            bench.Engine.Arm(new ActorTimer(timed.Self, 3), now + 2_000_000);
            Assert.False(armed.IsArmed || queued.IsArmed);
        });
        await expired.Ended;
        await bench.Door().Ask(timed.Self);
        Assert.Equal([3], timed.Notes);
    });

    [Fact]
    public Task Stop_WithTimersArmed_NoneExpires() => Play(async bench =>
    {
        var unexpected = new Tally(100);
        TimedActor stopped = SpawnTimed(bench, unexpected);
        var expired = new Tally();
        TimedActor other = SpawnTimed(bench, expired);
        await bench.Door().Ask(stopped.Self, () =>
        {
            long now = bench.Engine.MonotonicNs;
            bench.Engine.Arm(new ActorTimer(stopped.Self, 1), now);
            bench.Engine.Arm(new ActorTimer(stopped.Self, 2), now + 1_000_000);
            bench.Engine.Stop(stopped.Self);
        });
        await bench.Door().Ask(other.Self, () => bench.Engine.Arm(new ActorTimer(other.Self, 3), bench.Engine.MonotonicNs + 2_000_000));
        await expired.Ended;
        await bench.Door().Ask(stopped.Self);
        Assert.Empty(stopped.Notes);
        Assert.Equal([3], other.Notes);
    });

    [Fact]
    public Task Clock_AcrossATimer_HasAdvanced() => Play(async bench =>
    {
        var expired = new Tally();
        TimedActor timed = SpawnTimed(bench, expired);
        long before = bench.Engine.MonotonicNs;
        DateTimeOffset date = bench.Engine.UtcNow;
        await bench.Door().Ask(timed.Self, () => bench.Engine.Arm(new ActorTimer(timed.Self, 1), before + 5_000_000));
        await expired.Ended;
        Assert.True(bench.Engine.MonotonicNs >= before + 5_000_000);
        Assert.True(bench.Engine.UtcNow > date);
    });

    [Fact]
    public Task Handler_AwaitsForeignThings_StaysOnItsActor() => Play(async bench =>
    {
        Task[] bodies = [.. Enumerable.Range(0, 9).Select(i => bench.Engine.RunBody(async () =>
        {
            ScriptedActor actor = bench.Spawn($"actor {i}", s_placements[i % s_placements.Length]);
            Door door = bench.Door();
            Question question = await door.AskLater(actor.Self, asked => actor.Begin(asked, () => AwaitForeignThings(bench, actor)));
            Assert.Equal(SysResult.Ok(4), question.Result);
        }))];
        await Task.WhenAll(bodies);
    });

    [Fact]
    public Task Handler_Asleep_OthersRunMeanwhile() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        var gate = new TaskCompletionSource();
        ValueTask<Question> asleep = bench.Door().AskLater(actor.Self, asked => actor.Begin(asked, async () =>
        {
            await gate.Task;
            return actor.Notes.Count;
        }));
        Door door = bench.Door();
        for (int i = 0; i < 3; i++)
            await door.Ask(actor.Self, () => actor.Notes.Add(i));
        gate.SetResult();
        Assert.Equal(SysResult.Ok(3), (await asleep).Result);
    });

    [Fact]
    public Task Handler_AwaitsAnActorThroughACaller_StaysOnItsActor() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        ScriptedActor other = bench.Spawn("other", Placement.Oob);
        Door inner = bench.Door();
        Question question = await bench.Door().AskLater(actor.Self, asked => actor.Begin(asked, async () =>
        {
            long right = 0;
            for (int i = 0; i < 5; i++)
            {
                await inner.Ask(other.Self);
                right += actor.IsCurrent ? 1 : 0;
            }
            return right;
        }));
        Assert.Equal(SysResult.Ok(5), question.Result);
    });

    [Fact]
    public Task Stop_HandlerAsleep_LateCompletionIsIgnored() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        var gate = new TaskCompletionSource();
        var stopped = new Tally();
        actor.OnStopped = stopped.Set;
        bool wentOn = false;
        Door door = bench.Door();
        await door.Ask(actor.Self, () => _ = Sleep());
        bench.Engine.Stop(actor.Self);
        await stopped.Ended;
        gate.SetResult();
        await door.Ask(actor.Self);
        Assert.False(wentOn);

        async IoTask Sleep()
        {
            await gate.Task;
            wentOn = true;
            return 0;
        }
    });

    [Fact]
    public Task Stop_HandlerAsleepForEver_OthersAndTheEngineEnd() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        ScriptedActor other = bench.Spawn("other");
        var never = new TaskCompletionSource();
        Door door = bench.Door();
        await door.Ask(actor.Self, () => _ = Sleep());
        bench.Engine.Stop(actor.Self);
        Question later = await door.Ask(actor.Self);
        Assert.Equal((0, 1), (later.Handled, later.GivenBack));
        Assert.Equal(1, (await door.Ask(other.Self)).Handled);

        async IoTask Sleep()
        {
            await never.Task;
            return 0;
        }
    });

    [Fact]
    public Task DisposeAsync_QueuedAndLaterMessages_AreGivenBack() => Play(async bench =>
    {
        ScriptedActor actor = bench.Spawn("actor");
        var stopped = new Tally();
        actor.OnStopped = stopped.Set;
        await bench.Engine.DisposeAsync();
        await stopped.Ended;
        var givenBack = new Tally();
        var later = new Work(null, _ => givenBack.Set());
        actor.Self.Tell(later, Rank.InBand);
        await givenBack.Ended;
        Assert.Equal((0, 1), (later.Handled, later.GivenBack));
        await bench.Engine.DisposeAsync();
    });

    [Fact]
    public Task Storm_ManyActorsAndStops_NoMessageLostOrDoubled() => Play(async bench =>
    {
        const int Actors = 12;
        const int Messages = 300;
        const int Hops = 12;
        ScriptedActor[] actors = [.. Enumerable.Range(0, Actors).Select(i => bench.Spawn($"actor {i}", s_placements[i % s_placements.Length]))];
        var ended = new Tally(Messages);
        for (int i = 0; i < Messages; i++)
            new Wanderer(actors, Hops, (ulong)i, ended).GoOn();
        for (int i = 0; i < Actors; i += 4)
            bench.Engine.Stop(actors[i].Self);
        await ended.Ended;
        Door door = bench.Door();
        foreach (ScriptedActor actor in actors)
            await door.Ask(actor.Self);
        Assert.Equal(0, ended.Surplus);
    });

    /// <summary>Plays a scenario as often as <see cref="Rounds"/> says.</summary>
    protected async Task Play(Func<ActorBench, Task> scenario)
    {
        for (int round = 0; round < Rounds; round++)
        {
            await using IActorEngine engine = CreateEngine();
            var bench = new ActorBench(engine);
            await Run(engine, () => scenario(bench));
            Assert.Empty(bench.Complaints);
        }
    }

    private static TimedActor SpawnTimed(ActorBench bench, Tally expired)
    {
        ScriptedActor actor = bench.Spawn("timed");
        var timed = new TimedActor(actor);
        actor.OnOther = message =>
        {
            var timer = (ActorTimer)message;
            if (bench.Engine.MonotonicNs < timer.DueNs)
                bench.Complain($"A timer came {timer.DueNs - bench.Engine.MonotonicNs} ns early.");
            if (timer.IsArmed)
                bench.Complain("A timer was still armed when it came.");
            actor.Notes.Add((int)timer.State!);
            timed.Expired?.Invoke();
            expired.Set();
        };
        return timed;
    }

    // The number of waits after which it was on its actor: four.
    private static async IoTask AwaitForeignThings(ActorBench bench, ScriptedActor actor)
    {
        long right = 0;
        await Task.Yield();
        right += Check(bench, actor);
        await OnAnotherThread();
        right += Check(bench, actor);
        await OnAnotherThread().ConfigureAwait(false);
        right += Check(bench, actor);
        SysResult nested = await AwaitNested(bench, actor);
        right += Check(bench, actor) * nested.Value;
        return right;
    }

    private static async IoTask AwaitNested(ActorBench bench, ScriptedActor actor)
    {
        await Task.Yield();
        int right = Check(bench, actor);
        await OnAnotherThread().ConfigureAwait(false);
        return right * Check(bench, actor);
    }

    private static Task OnAnotherThread()
    {
        var done = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static done => done.SetResult(), done, preferLocal: false);
        return done.Task;
    }

    private static int Check(ActorBench bench, ScriptedActor actor)
    {
        if (SynchronizationContext.Current is { } context)
            bench.Complain($"{context} was there in a handler.");
        return actor.IsCurrent ? 1 : 0;
    }

    /// <summary>An actor that notes the states of the timers that expire.</summary>
    private sealed class TimedActor(ScriptedActor actor)
    {
        public ScriptedActor Actor { get; } = actor;

        public ActorRef Self => Actor.Self;

        public List<int> Notes => Actor.Notes;

        public Action? Expired { get; set; }
    }

    /// <summary>Goes from actor to actor, until it has gone far enough or meets one that has stopped.</summary>
    private sealed class Wanderer(ScriptedActor[] actors, int hops, ulong seed, Tally ended) : Work
    {
        private SplitMix _draws = new(seed);
        private int _hops = hops;

        public void GoOn()
        {
            int rank = _draws.Below(102);
            actors[_draws.Below(actors.Length)].Self.Tell(
                this, rank == 0 ? Rank.Head : rank == 101 ? Rank.InBand : Rank.Oob(rank - 1));
        }

        public override void Run()
        {
            if (_hops-- == 0)
                ended.Set();
            else
                GoOn();
        }

        protected internal override void Undeliverable(UndeliverableReason reason) => ended.Set();
    }
}

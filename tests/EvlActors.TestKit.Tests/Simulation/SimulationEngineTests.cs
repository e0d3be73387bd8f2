using EvlActors.Actors;
using EvlActors.Behaviour;
using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class SimulationEngineTests
{
    [Fact]
    public void Run_SameSeed_SameOrder_OtherSeeds_OtherOrders()
    {
        var orders = new HashSet<string>();
        for (ulong seed = 1; seed <= 1_000; seed++)
        {
            string order = OrderOf(seed);
            Assert.Equal(order, OrderOf(seed));
            orders.Add(order);
        }
        // Far more orders exist than seeds are tried: hardly any two should meet.
        Assert.True(orders.Count > 900, $"{orders.Count} orders");
    }

    [Fact]
    public void Run_TwoActorsOneMessageEach_BothOrdersComeUpAsOften()
    {
        int firstFirst = 0;
        for (ulong seed = 1; seed <= 1_000; seed++)
        {
            var engine = new SimulationEngine(seed);
            var bench = new ActorBench(engine);
            ScriptedActor first = bench.Spawn("first");
            ScriptedActor second = bench.Spawn("second");
            var order = new List<int>();
            first.Self.Tell(new Work(() => order.Add(1)), Rank.InBand);
            second.Self.Tell(new Work(() => order.Add(2)), Rank.Head);
            engine.RunUntilQuiescent();
            firstFirst += order[0] == 1 ? 1 : 0;
            Assert.True(engine.IsRepeatable);
        }
        Assert.InRange(firstFirst, 400, 600);
    }

    [Fact]
    public void Run_NothingCanRun_ThrowsWithSeedAndCallersInFlight()
    {
        var engine = new SimulationEngine(4711);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("xbuf");
        SimulationStuckException stuck = Assert.Throws<SimulationStuckException>(
            () => engine.Run(async () => await bench.Door().AskLater(actor.Self, _ => { })));
        Assert.Contains("seed 4711", stuck.Message, StringComparison.Ordinal);
        Assert.Contains("Question to xbuf", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_StuckBecauseAnActorFailed_SaysSo()
    {
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("uart");
        SimulationStuckException stuck = Assert.Throws<SimulationStuckException>(
            () => engine.Run(async () => await bench.Door().AskLater(actor.Self, _ => throw new TimeoutException("no answer"))));
        Assert.Contains("uart failed: no answer", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_NeverComesToRest_ThrowsAtTheLimit()
    {
        var engine = new SimulationEngine(new SimulationOptions { TurnLimit = 1_000 });
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("spinner");
        void Again() => actor.Self.Tell(new Work(Again), Rank.InBand);
        Again();
        SimulationStuckException stuck = Assert.Throws<SimulationStuckException>(engine.RunUntilQuiescent);
        Assert.Contains("spinner", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ScenarioThrows_RethrownWithTheSeed()
    {
        var engine = new SimulationEngine(99);
        var cause = new TimeoutException("late");
        SimulationFailedException failed = Assert.Throws<SimulationFailedException>(() => engine.Run(() => throw cause));
        Assert.Same(cause, failed.InnerException);
        Assert.Equal("Seed 99: late", failed.Message);
        Assert.Equal(99ul, failed.Seed);
    }

    [Fact]
    public void Run_ContinuationThrowsUnobserved_Throws()
    {
        var engine = new SimulationEngine(1);
        var cause = new TimeoutException();
        SimulationFailedException failed = Assert.Throws<SimulationFailedException>(() => engine.Run(() =>
        {
            SynchronizationContext.Current!.Post(_ => throw cause, null);
            return Task.CompletedTask;
        }));
        Assert.Same(cause, failed.InnerException);
    }

    [Fact]
    public void Run_UndeliverableThrows_Throws()
    {
        var engine = new SimulationEngine(1);
        ScriptedActor actor = new ActorBench(engine).Spawn("actor");
        var cause = new TimeoutException();
        engine.Stop(actor.Self);
        actor.Self.Tell(new Work(null, _ => throw cause), Rank.InBand);
        Assert.Same(cause, Assert.Throws<SimulationFailedException>(engine.RunUntilQuiescent).InnerException);
    }

    [Fact]
    public void Run_InsideARun_Throws()
    {
        var engine = new SimulationEngine(1);
        engine.Run(() =>
        {
            Assert.Throws<InvalidOperationException>(() => engine.Run(() => Task.CompletedTask));
            Assert.Throws<InvalidOperationException>(engine.RunUntilQuiescent);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Run_ScenarioEnds_WhatIsLeftRunsButNoTimePasses()
    {
        var engine = new SimulationEngine(1);
        ScriptedActor actor = new ActorBench(engine).Spawn("actor");
        bool expired = false;
        actor.OnOther = _ => expired = true;
        engine.Run(() =>
        {
            actor.Self.Tell(new Work(() =>
            {
                actor.TellNote(1, Rank.InBand);
                engine.Arm(new ActorTimer(actor.Self), engine.MonotonicNs + 1);
            }), Rank.InBand);
            return Task.CompletedTask;
        });
        Assert.Equal([1], actor.Notes);
        Assert.False(expired);
        Assert.Equal(1_000_000_000, engine.MonotonicNs);
    }

    [Fact]
    public void Run_CallersContext_IsThereAfter()
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        var own = new SynchronizationContext();
        SynchronizationContext.SetSynchronizationContext(own);
        try
        {
            new SimulationEngine(1).Run(() => Task.CompletedTask);
            Assert.Same(own, SynchronizationContext.Current);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    [Fact]
    public void Time_TimersFarApart_PassesOnlyWhenNothingCanRun()
    {
        const long Day = 86_400_000_000_000;
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        var expired = new Tally(2);
        var dates = new List<(long, DateTimeOffset)>();
        actor.OnOther = _ =>
        {
            dates.Add((engine.MonotonicNs, engine.UtcNow));
            expired.Set();
        };
        DateTimeOffset start = engine.UtcNow;
        engine.Run(async () =>
        {
            await bench.Door().Ask(actor.Self, () =>
            {
                engine.Arm(new ActorTimer(actor.Self), 1_000_000_000 + Day);
                engine.Arm(new ActorTimer(actor.Self), 1_000_000_000 + 2 * Day);
            });
            Door door = bench.Door();
            for (int i = 0; i < 100; i++)
                await door.Ask(actor.Self);
            Assert.Empty(dates);
            await expired.Ended;
        });
        Assert.Equal([(1_000_000_000 + Day, start.AddDays(1)), (1_000_000_000 + 2 * Day, start.AddDays(2))], dates);
        Assert.True(engine.IsRepeatable);
    }

    [Fact]
    public void Timers_ArmedMovedAndDisarmedAtRandom_ExpireInOrderOfDateAndArming()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var engine = new SimulationEngine(seed);
            var bench = new ActorBench(engine);
            ScriptedActor actor = bench.Spawn("actor");
            var draws = new SplitMix(seed);
            var timers = new List<ActorTimer>();
            var expected = new List<(long DueNs, int Order, int Number)>();
            var ended = new Tally();
            actor.OnOther = message =>
            {
                int number = (int)((ActorTimer)message).State!;
                if (number < 0)
                    ended.Set();
                else
                    actor.Notes.Add(number);
            };
            engine.Run(async () =>
            {
                await bench.Door().Ask(actor.Self, () =>
                {
                    for (int i = 0; i < 60; i++)
                        timers.Add(new ActorTimer(actor.Self, i));
                    for (int i = 0; i < 300; i++)
                    {
                        int number = draws.Below(timers.Count);
                        expected.RemoveAll(entry => entry.Number == number);
                        long due = engine.MonotonicNs + 1 + draws.Below(40);
                        if (draws.Below(4) == 0)
                        {
                            engine.Disarm(timers[number]);
                            continue;
                        }
                        engine.Arm(timers[number], due);
                        expected.Add((due, i, number));
                    }
                    engine.Arm(new ActorTimer(actor.Self, -1), engine.MonotonicNs + 100);
                });
                await ended.Ended;
            });
            Assert.Equal(expected.Order().Select(entry => entry.Number), actor.Notes);
        }
    }

    [Fact]
    public void Arm_OutsideATurnOfItsOwner_Throws()
    {
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor owner = bench.Spawn("owner");
        ScriptedActor other = bench.Spawn("other");
        var timer = new ActorTimer(owner.Self);
        Assert.Throws<InvalidOperationException>(() => engine.Arm(timer, 0));
        Exception? thrown = null;
        other.Self.Tell(new Work(() => thrown = Record.Exception(() => engine.Arm(timer, 0))), Rank.InBand);
        engine.RunUntilQuiescent();
        Assert.IsType<InvalidOperationException>(thrown);
    }

    [Fact]
    public void EnterAndWait_FromOutside_RunsTheSimulation()
    {
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        bench.Door().AskAndWait(actor.Self, () => actor.Notes.Add(1));
        Assert.Equal([1], actor.Notes);
    }

    [Fact]
    public void EnterAndWait_NeverAnswered_Throws()
    {
        var engine = new SimulationEngine(8);
        ScriptedActor actor = new ActorBench(engine).Spawn("actor");
        Caller caller = engine.CreateCaller();
        SimulationStuckException stuck = Assert.Throws<SimulationStuckException>(
            () => caller.EnterAndWait(actor.Self, new Work(), Rank.InBand));
        Assert.Contains("Work to actor", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EnterAndWait_FromABody_Throws()
    {
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        engine.Run(() =>
        {
            Assert.Throws<InvalidOperationException>(() => bench.Door().AskAndWait(actor.Self));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void OnAnswered_RegisteredOutside_RunsWhenTheSimulationDoes()
    {
        var engine = new SimulationEngine(1);
        ScriptedActor actor = new ActorBench(engine).Spawn("actor");
        Caller caller = engine.CreateCaller();
        caller.Enter(actor.Self, new Question(caller, _ => { }), Rank.InBand);
        string? told = null;
        caller.OnAnswered(state => told = (string?)state, "state", default);
        Assert.Null(told);
        engine.RunUntilQuiescent();
        Assert.Equal("state", told);
    }

    [Fact]
    public void Answer_Twice_Throws()
    {
        var engine = new SimulationEngine(1);
        ScriptedActor actor = new ActorBench(engine).Spawn("actor");
        Caller caller = engine.CreateCaller();
        Exception? thrown = null;
        caller.EnterAndWait(actor.Self, new Question(caller, _ =>
        {
            caller.Answer();
            thrown = Record.Exception(caller.Answer);
        }, answersItself: true), Rank.InBand);
        Assert.IsType<InvalidOperationException>(thrown);
    }

    [Fact]
    public void Tell_MessageStillQueued_Throws()
    {
        var engine = new SimulationEngine(1);
        ScriptedActor actor = new ActorBench(engine).Spawn("actor");
        var work = new Work();
        actor.Self.Tell(work, Rank.InBand);
        Assert.Throws<InvalidOperationException>(() => actor.Self.Tell(work, Rank.InBand));
        engine.RunUntilQuiescent();
        Assert.Equal(1, work.Handled);
    }

    [Fact]
    public void RunBody_SeveralContinuationsOfOneBody_StayInOrder()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var engine = new SimulationEngine(seed);
            var order = new List<int>();
            engine.Run(() =>
            {
                for (int i = 0; i < 10; i++)
                    SynchronizationContext.Current!.Post(state => order.Add((int)state!), i);
                return Task.CompletedTask;
            });
            Assert.Equal(Enumerable.Range(0, 10), order);
        }
    }

    [Fact]
    public void RunBody_AwaitedWithAndWithoutContext_NeverLeavesTheThread()
    {
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        int thread = Environment.CurrentManagedThreadId;
        var threads = new List<int>();
        engine.Run(async () =>
        {
            Door door = bench.Door();
            async Task Body()
            {
                await bench.Door().Ask(actor.Self);
                threads.Add(Environment.CurrentManagedThreadId);
            }
            await engine.RunBody(Body).ConfigureAwait(false);
            threads.Add(Environment.CurrentManagedThreadId);
            await door.Ask(actor.Self).ConfigureAwait(false);
            threads.Add(Environment.CurrentManagedThreadId);
            await engine.RunBody(Body);
            threads.Add(Environment.CurrentManagedThreadId);
        });
        Assert.Equal(Enumerable.Repeat(thread, 5), threads);
        Assert.True(engine.IsRepeatable);
    }

    [Fact]
    public void StartThread_Throws() => Assert.Throws<NotSupportedException>(
        () => { _ = new SimulationEngine(1).StartThread(new ThreadOptions("sampler"), () => { }); });

    [Fact]
    public void NextRandom_SameSeed_SameDrawsWhateverRan()
    {
        var quiet = new SimulationEngine(5);
        var busy = new SimulationEngine(5);
        busy.Run(() => Task.CompletedTask);
        Assert.Equal(Draws(quiet), Draws(busy));
        Assert.NotEqual(Draws(new SimulationEngine(5)), Draws(new SimulationEngine(6)));

        static ulong[] Draws(SimulationEngine engine) => [.. Enumerable.Range(0, 8).Select(_ => engine.NextRandom())];
    }

    [Fact]
    public void Run_WaitsForAnotherThread_IsNotRepeatable()
    {
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        engine.Run(async () =>
        {
            Question question = await bench.Door().AskLater(actor.Self, asked => actor.Begin(asked, async () =>
            {
                await Task.Yield();
                return 1;
            }));
            Assert.Equal(SysResult.Ok(1), question.Result);
        });
        Assert.False(engine.IsRepeatable);
    }

    [Fact]
    public void Run_AnotherThreadNeverComes_ThrowsAtTheLimit()
    {
        var engine = new SimulationEngine(new SimulationOptions { ForeignLimit = TimeSpan.FromMilliseconds(20) });
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        var never = new TaskCompletionSource();
        SimulationStuckException stuck = Assert.Throws<SimulationStuckException>(() => engine.Run(async () =>
            await bench.Door().AskLater(actor.Self, asked => actor.Begin(asked, async () =>
            {
                await never.Task;
                return 1;
            }))));
        Assert.Contains("foreign", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tell_FromManyThreads_AllArriveInTheOrderOfEach()
    {
        const int Threads = 4;
        const int Messages = 2_000;
        var engine = new SimulationEngine(1);
        ScriptedActor actor = new ActorBench(engine).Spawn("actor");
        var arrived = new Tally(Threads * Messages);
        engine.Run(async () =>
        {
            for (int i = 0; i < Threads; i++)
            {
                int first = i * Messages;
                engine.ForeignWaitBegun();
                ThreadPool.UnsafeQueueUserWorkItem(_ =>
                {
                    for (int j = 0; j < Messages; j++)
                    {
                        int number = first + j;
                        actor.Self.Tell(new Work(() =>
                        {
                            actor.Notes.Add(number);
                            arrived.Set();
                        }), Rank.InBand);
                    }
                    engine.ForeignWaitEnded();
                }, null);
            }
            await arrived.Ended;
        });
        for (int i = 0; i < Threads; i++)
            Assert.Equal(Enumerable.Range(i * Messages, Messages), actor.Notes.Where(number => number / Messages == i));
        Assert.False(engine.IsRepeatable);
    }

    [Fact]
    public async Task DisposeAsync_QueuedMessages_AreGivenBackAsEngineDisposed()
    {
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor actor = bench.Spawn("actor");
        var work = new Work();
        actor.Self.Tell(work, Rank.InBand);
        // The stop comes by the inbox as the message did, and the actor's next turn is its last.
        await engine.DisposeAsync();
        Assert.Equal((0, 1, UndeliverableReason.EngineDisposed), (work.Handled, work.GivenBack, work.Reason));
        var later = new Work();
        actor.Self.Tell(later, Rank.InBand);
        Assert.Equal(1, later.GivenBack);
        Assert.Throws<ObjectDisposedException>(() => bench.Spawn("too late"));
    }

    [Fact]
    public void Turns_OnceWarm_AllocateNothing()
    {
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        ScriptedActor[] actors = [.. Enumerable.Range(0, 10).Select(i => bench.Spawn($"actor {i}"))];
        const int Rounds = 2_000;
        long allocated = -1;
        engine.Run(async () =>
        {
            Door door = bench.Door();
            foreach (ScriptedActor actor in actors)
            {
                Work? work = null;
                ScriptedActor next = actors[(Array.IndexOf(actors, actor) + 3) % actors.Length];
                int left = 2 * Rounds;
                work = new Work(() =>
                {
                    if (--left > 0)
                        next.Self.Tell(work!, left % 2 == 0 ? Rank.InBand : Rank.Oob(7));
                });
                actor.Self.Tell(work, Rank.InBand);
            }
            var timer = new ActorTimer(actors[0].Self);
            int asked = 0;
            var over = new Tally();
            long before = 0;
            actors[0].OnOther = message =>
            {
                asked++;
                if (asked == Rounds / 2)
                    before = GC.GetAllocatedBytesForCurrentThread();
                if (asked < Rounds)
                    engine.Arm(timer, engine.MonotonicNs);
                else
                {
                    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    over.Set();
                }
            };
            await door.Ask(actors[0].Self, () => engine.Arm(timer, 0));
            await over.Ended;
        });
        Assert.Equal(0, allocated);
    }

    // Bodies that call two actors, which tell each other and set timers: every event, in order.
    private static string OrderOf(ulong seed)
    {
        var engine = new SimulationEngine(seed);
        var bench = new ActorBench(engine);
        var events = new List<string>();
        ScriptedActor device = bench.Spawn("device");
        ScriptedActor file = bench.Spawn("file", Placement.Oob);
        device.OnOther = message => events.Add($"timer {((ActorTimer)message).State} at {engine.MonotonicNs}");
        engine.Run(() => Task.WhenAll(Enumerable.Range(0, 4).Select(number => engine.RunBody(async () =>
        {
            Door door = bench.Door();
            for (int i = 0; i < 3; i++)
            {
                string name = $"{number}.{i}";
                events.Add($"call {name}");
                await door.Ask(i % 2 == 0 ? device.Self : file.Self, () =>
                {
                    events.Add($"turn {name}");
                    file.Self.Tell(new Work(() => events.Add($"told {name}")), Rank.Oob(number));
                    if (i == 0)
                        engine.Arm(new ActorTimer(device.Self, name), engine.MonotonicNs + (long)(engine.NextRandom() % 1_000));
                });
                events.Add($"answer {name}");
            }
        }))));
        Assert.True(engine.IsRepeatable);
        return string.Join('\n', events);
    }
}

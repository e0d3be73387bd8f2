using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Tests.Drivers;

public sealed class IoTaskTests
{
    [Fact]
    public void Await_FiftyHandlersOfForeignTasks_AllResumeOnTheirActor()
    {
        Play(async bench =>
        {
            Task[] bodies = [.. Enumerable.Range(0, 50).Select(i => bench.Engine.RunBody(async () =>
            {
                ScriptedActor actor = bench.Spawn($"actor {i}");
                SysResult result = await Handle(bench, actor, async () =>
                {
                    long right = 0;
                    for (int round = 0; round < 5; round++)
                    {
                        await OnAnotherThread().ConfigureAwait(round % 2 == 0);
                        right += AsyncActor.Current == actor ? 1 : 0;
                    }
                    return right;
                });
                Assert.Equal(SysResult.Ok(5), result);
            }))];
            await Task.WhenAll(bodies);
        });
    }

    [Fact]
    public void Await_Foreign_ResumesAtTheRankAndForTheCallerOfItsTurn()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var seen = new List<(Rank, bool)>();
            await bench.Door().AskLater(actor.Self, question => actor.Begin(question, async () =>
            {
                Caller? caller = actor.TurnCaller;
                for (int i = 0; i < 3; i++)
                {
                    await OnAnotherThread();
                    seen.Add((actor.TurnRank, caller is not null && actor.TurnCaller == caller));
                }
                return 0;
            }), Rank.Oob(5));
            Assert.Equal(Enumerable.Repeat((Rank.Oob(5), true), 3), seen);
        });
    }

    [Fact]
    public void Await_ForeignAwaiterWithoutUnsafe_Resumes()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            SysResult result = await Handle(bench, actor, async () =>
            {
                string word = await new ForeignAwaitable("word");
                return AsyncActor.Current == actor ? word.Length : -1;
            });
            Assert.Equal(SysResult.Ok(4), result);
        });
    }

    [Fact]
    public void Await_ForeignAwaiterThrowsInsteadOfKeeping_HandlerGetsTheExceptionAndNothingIsAwaited()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var awaiter = new ThrowingAwaiter();
            var nextGate = new Gate();
            Task<SysResult> asleep = Handle(bench, actor, async () =>
            {
                try
                {
                    await awaiter;
                }
                catch (TimeoutException)
                {
                    await nextGate;
                    return 1;
                }
                return 2;
            });
            // Were the refused wait still counted, the timer could not expire.
            await Sleep(bench, 1_000_000);
            awaiter.Kept!();
            Door door = bench.Door();
            await door.Ask(actor.Self);
            Assert.False(asleep.IsCompleted);
            await door.Ask(actor.Self, nextGate.Open);
            Assert.Equal(SysResult.Ok(1), await asleep);
        });
    }

    [Fact]
    public void Await_ActorAwaiterThatIsAClass_IsNotForeign()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var gate = new ClassGate();
            Task<SysResult> asleep = Handle(bench, actor, async () =>
            {
                await gate;
                return 3;
            });
            Door door = bench.Door();
            await door.Ask(actor.Self);
            await door.Ask(actor.Self, gate.Open);
            Assert.Equal(SysResult.Ok(3), await asleep);
        });
    }

    [Fact]
    public void Await_ResultTypes_ComeBack()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            SysResult result = await Handle(bench, actor, async () =>
            {
                string text = await Later("abc");
                (int a, long b) = await Later((4, 5L));
                bool flag = await Later(true);
                object? nothing = await Later<object?>(null);
                IoTask<int> value = 7;
                return text.Length + a + b + (flag ? 100 : 0) + (nothing is null ? 1000 : 0) + 10_000 * await value;
            });
            Assert.Equal(SysResult.Ok(71_112), result);
        });
    }

    [Fact]
    public void Await_Ended_DoesNotSuspend()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            bool ended = false;
            await bench.Door().Ask(actor.Self, () =>
            {
                IoTask outer = Outer();
                ended = outer.IsCompleted;
            });
            Assert.True(ended);

            static async IoTask Outer() => (await Inner()).Value + 1;
            static async IoTask Inner()
            {
                await Task.CompletedTask;
                return 1;
            }
        });
    }

    [Fact]
    public void Await_Twice_Throws()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            SysResult result = await Handle(bench, actor, async () =>
            {
                IoTask<int> once = Later(5);
                int value = await once;
                try
                {
                    await once;
                }
                catch (InvalidOperationException)
                {
                    return value;
                }
                return -1;
            });
            Assert.Equal(SysResult.Ok(5), result);
        });
    }

    [Fact]
    public void Await_TwiceWhileAsleep_SecondThrowsAndFirstGoesOn()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var gate = new Gate();
            IoTask<int> shared = default;
            Task<SysResult> first = Handle(bench, actor, async () =>
            {
                shared = Through(gate, 6);
                return await shared;
            });
            await bench.Door().Ask(actor.Self);
            Task<SysResult> second = Handle(bench, actor, async () =>
            {
                try
                {
                    return await shared;
                }
                catch (InvalidOperationException)
                {
                    return Errno.EINVAL;
                }
            });
            Assert.Equal(SysResult.Error(Errno.EINVAL), await second);
            await bench.Door().Ask(actor.Self, gate.Open);
            Assert.Equal(SysResult.Ok(6), await first);
        });
    }

    [Fact]
    public void Await_OnAnotherActor_Throws()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            ScriptedActor other = bench.Spawn("other");
            var gate = new Gate();
            IoTask<int> task = default;
            await bench.Door().Ask(actor.Self, () => task = Through(gate, 1));
            SysResult result = await Handle(bench, other, async () =>
            {
                try
                {
                    return await task;
                }
                catch (InvalidOperationException e) when (e.Message.Contains("other", StringComparison.Ordinal))
                {
                    return Errno.EINVAL;
                }
            });
            Assert.Equal(SysResult.Error(Errno.EINVAL), result);
        });
    }

    [Fact]
    public void Await_InAMethodThatReturnsTask_Throws()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var gate = new Gate();
            Task? refused = null;
            await bench.Door().Ask(actor.Self, () =>
            {
                IoTask<int> task = Through(gate, 1);
                refused = Wrong(task);
            });
            await Assert.ThrowsAsync<InvalidOperationException>(() => refused!);

            static async Task Wrong(IoTask<int> task) => await task;
        });
    }

    [Fact]
    public void Await_OutsideAnyTurn_Throws()
    {
        IoTask<int> task = Through(new Gate(), 1);
        Assert.True(task.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => task.GetAwaiter().GetResult());
    }

    [Fact]
    public void GetResult_Asleep_Throws()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            Exception? thrown = null;
            await bench.Door().Ask(actor.Self, () =>
            {
                IoTask<int> task = Through(new Gate(), 1);
                thrown = Record.Exception(() => task.GetAwaiter().GetResult());
            });
            Assert.IsType<InvalidOperationException>(thrown);
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Throw_InANestedHandler_ReachesTheOuterOnes(int suspensions)
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            bool unwound = false;
            SysResult result = await Handle(bench, actor, async () =>
            {
                try
                {
                    return await Middle();
                }
                catch (TimeoutException e)
                {
                    return AsyncActor.Current == actor ? e.Message.Length : -1;
                }
            });
            Assert.Equal(SysResult.Ok(4), result);
            Assert.True(unwound);

            async IoTask Middle()
            {
                try
                {
                    return await Inner();
                }
                finally
                {
                    unwound = true;
                }
            }

            async IoTask Inner()
            {
                for (int i = 0; i < suspensions; i++)
                    await Task.Yield();
                throw new TimeoutException("four");
            }
        });
    }

    [Fact]
    public void Throw_AForeignTaskFails_HandlerGetsItsException()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var failing = new TaskCompletionSource();
            Task<SysResult> result = Handle(bench, actor, async () =>
            {
                try
                {
                    await failing.Task.ConfigureAwait(false);
                }
                catch (TimeoutException)
                {
                    return AsyncActor.Current == actor ? 1 : -1;
                }
                return 0;
            });
            await bench.Door().Ask(actor.Self);
            failing.SetException(new TimeoutException());
            Assert.Equal(SysResult.Ok(1), await result);
        });
    }

    [Fact]
    public void Abandon_AwaitingSomethingForeign_NeverGoesOnAndIsNotWaitedFor()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var foreign = new TaskCompletionSource();
            int wentOn = 0;
            IoTask outer = default;
            Door door = bench.Door();
            await door.Ask(actor.Self, () => outer = Outer());
            await door.Ask(actor.Self, () => outer.Abandon());
            // Were the abandoned wait still counted, the timer could not expire.
            await Sleep(bench, 1_000_000);
            foreign.SetResult();
            await door.Ask(actor.Self);
            Assert.Equal(0, wentOn);
            Assert.False(outer.IsCompleted);
            // What comes back late is used again: it must not have kept anything of the abandoned handler.
            Assert.Equal(SysResult.Ok(9), await Handle(bench, actor, async () => await Later(9)));
            Assert.Equal(0, wentOn);

            async IoTask Outer()
            {
                SysResult result = await Inner();
                wentOn++;
                return result;
            }

            async IoTask Inner()
            {
                await foreign.Task;
                wentOn++;
                return 0;
            }
        });
    }

    [Fact]
    public void Abandon_AwaitingAnActorsGate_NeverGoesOnAndItsBoxIsNotUsedAgain()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var gates = new Gate[] { new(), new() };
            var results = new List<int>();
            Door door = bench.Door();
            IoTask<int> abandoned = default;
            await door.Ask(actor.Self, () => abandoned = Run(gates[0], 1));
            await door.Ask(actor.Self, () => abandoned.Abandon());
            await door.Ask(actor.Self, () => _ = Run(gates[1], 2));
            await door.Ask(actor.Self, gates[0].Open);
            Assert.Empty(results);
            await door.Ask(actor.Self, gates[1].Open);
            Assert.Equal([2], results);

            async IoTask<int> Run(Gate gate, int number)
            {
                await gate;
                results.Add(number);
                return number;
            }
        });
    }

    [Fact]
    public void AsyncLocal_SetByCallerOrBeforeAWait_IsNotThereAfter()
    {
        Play(async bench =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            var local = new AsyncLocal<int>();
            local.Value = 1;
            var seen = new List<int>();
            await Handle(bench, actor, async () =>
            {
                seen.Add(local.Value);
                local.Value = 2;
                await new ForeignAwaitable("flows it");
                seen.Add(local.Value);
                local.Value = 3;
                await Task.Yield();
                seen.Add(local.Value);
                return 0;
            });
            Assert.Equal([0, 0, 0], seen);
            Assert.Equal(1, local.Value);
        });
    }

    [Fact]
    public void Wait_ForAnActorsGate_AllocatesNothingOnceWarm()
    {
        var gate = new Gate();
        Assert.Equal(0, AllocatedOnceWarm(gate.Open, rounds => Outer(rounds)));

        async IoTask Outer(int rounds)
        {
            long sum = 0;
            for (int i = 0; i < rounds; i++)
                sum += (await Inner(i)).Value;
            return sum;
        }

        async IoTask Inner(int i)
        {
            await gate;
            return i + await Through(gate, 1);
        }
    }

    [Fact]
    public void Wait_ForAPooledForeignSource_AllocatesNothingOnceWarm()
    {
        var source = new PooledSource();
        Assert.Equal(0, AllocatedOnceWarm(source.Complete, rounds => Outer(rounds)));

        async IoTask Outer(int rounds)
        {
            long sum = 0;
            for (int i = 0; i < rounds; i++)
                sum += (await Inner(i)).Value;
            return sum;
        }

        async IoTask Inner(int i)
        {
            await source.Wait();
            await source.Wait().ConfigureAwait(false);
            return i;
        }
    }

    private static void Play(Func<ActorBench, Task> scenario)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var engine = new SimulationEngine(seed);
            var bench = new ActorBench(engine);
            engine.Run(() => scenario(bench));
            Assert.Empty(bench.Complaints);
        }
    }

    private static async Task<SysResult> Handle(ActorBench bench, ScriptedActor actor, Func<IoTask> handler) =>
        (await bench.Door().AskLater(actor.Self, question => actor.Begin(question, handler))).Result;

    private static async Task Sleep(ActorBench bench, long ns)
    {
        var expired = new Tally();
        ScriptedActor clock = bench.Spawn("clock");
        clock.OnOther = _ => expired.Set();
        await bench.Door().Ask(clock.Self, () => bench.Engine.Arm(new ActorTimer(clock.Self), bench.Engine.MonotonicNs + ns));
        await expired.Ended;
    }

    // The bytes that a thousand rounds allocate on the engine's thread, engine and all, after as many to warm up.
    private static long AllocatedOnceWarm(Action wake, Func<int, IoTask> handler)
    {
        const int Rounds = 1_000;
        long allocated = -1;
        var engine = new SimulationEngine(1);
        var bench = new ActorBench(engine);
        engine.Run(async () =>
        {
            ScriptedActor actor = bench.Spawn("actor");
            bool isOver = false;
            Work? waker = null;
            waker = new Work(() =>
            {
                wake();
                if (!isOver)
                    actor.Self.Tell(waker!, Rank.InBand);
            });
            await bench.Door().AskLater(actor.Self, question =>
            {
                actor.Self.Tell(waker, Rank.InBand);
                actor.Begin(question, async () =>
                {
                    await handler(Rounds);
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    SysResult sum = await handler(Rounds);
                    allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                    isOver = true;
                    return sum;
                });
            });
        });
        Assert.True(engine.IsRepeatable);
        return allocated;
    }

    private static async IoTask<T> Later<T>(T value)
    {
        await OnAnotherThread();
        return value;
    }

    private static async IoTask<T> Through<T>(Gate gate, T value)
    {
        await gate;
        return value;
    }

    private static Task OnAnotherThread()
    {
        var done = new TaskCompletionSource();
        ThreadPool.UnsafeQueueUserWorkItem(static done => done.SetResult(), done, preferLocal: false);
        return done.Task;
    }

    /// <summary>Lets one handler through each time it is opened; its awaiter is a struct.</summary>
    private sealed class Gate
    {
        private Resumption? _asleep;

        public Awaiter GetAwaiter() => new(this);

        public void Open()
        {
            Resumption? asleep = _asleep;
            _asleep = null;
            asleep?.Resume();
        }

        public readonly struct Awaiter(Gate gate) : ICriticalNotifyCompletion, IActorAwaiter
        {
            public bool IsCompleted => false;

            public void GetResult()
            {
            }

            public void OnCompleted(Action continuation) => throw new NotSupportedException();

            public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();

            public void Suspend(Resumption handler) => gate._asleep = handler;
        }
    }

    /// <summary>A gate that is its own awaiter.</summary>
    private sealed class ClassGate : INotifyCompletion, IActorAwaiter
    {
        private Resumption? _asleep;

        public bool IsCompleted => false;

        public ClassGate GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => throw new NotSupportedException();

        public void Suspend(Resumption handler) => _asleep = handler;

        public void Open() => _asleep!.Resume();
    }

    /// <summary>Comes back on another thread, in the context that it was awaited in.</summary>
    private sealed class ForeignAwaitable(string result) : INotifyCompletion
    {
        public bool IsCompleted => false;

        public ForeignAwaitable GetAwaiter() => this;

        public string GetResult() => result;

        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(_ => continuation());
    }

    /// <summary>Keeps the continuation, and throws all the same.</summary>
    private sealed class ThrowingAwaiter : INotifyCompletion
    {
        public bool IsCompleted => false;

        public Action? Kept { get; private set; }

        public ThrowingAwaiter GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation)
        {
            Kept = continuation;
            throw new TimeoutException();
        }
    }

    /// <summary>Something foreign that is used again and again.</summary>
    private sealed class PooledSource : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<int> _core;
        private bool _isAwaited;

        public ValueTask Wait()
        {
            _core.Reset();
            _isAwaited = true;
            return new ValueTask(this, _core.Version);
        }

        public void Complete()
        {
            if (!_isAwaited)
                return;
            _isAwaited = false;
            _core.SetResult(0);
        }

        void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

        ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

        void IValueTaskSource.OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }
}

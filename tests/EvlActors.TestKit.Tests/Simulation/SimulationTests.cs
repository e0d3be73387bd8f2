using EvlActors.Actors;
using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class SimulationTests
{
    private static readonly byte[] s_byte = new byte[1];
    private static readonly SimulationOptions s_patient = new() { ForeignGrace = TimeSpan.FromSeconds(30) };

    [Theory]
    [InlineData(SimulationStrategy.Uniform)]
    [InlineData(SimulationStrategy.Pct)]
    public void Run_SameSeed_SameLogByteForByte_OtherSeed_Another(SimulationStrategy strategy)
    {
        Assert.Equal(LogOf(1), LogOf(1));
        Assert.NotEqual(LogOf(1), LogOf(2));

        string LogOf(ulong seed)
        {
            var log = new EventLog();
            Simulation.Run(Scenarios.ReadAgainstWrite(Defect.None), new SimulationOptions { Seed = seed, Strategy = strategy, EventLog = log });
            return log.ToString();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Run_MergesTurns_NothingComesBetweenTheTurnsOfACall(bool merges)
    {
        int calls = 0;
        int interrupted = 0;
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var log = new EventLog();
            Simulation.Run(async s =>
            {
                EvlProcess app = s.Machine.CreateProcess();
                UserThread[] threads = [app.CreateThread(SchedPolicy.Fifo, 50, "one"), app.CreateThread(SchedPolicy.Fifo, 50, "other")];
                foreach (UserThread thread in threads)
                    await thread.AttachAsync().OrThrow();
                int fd = await threads[0].CreateXbufAsync(null, 64, 64).OrThrow();
                await Task.WhenAll(threads.Select(thread => app.Run(thread, async t =>
                {
                    for (int i = 0; i < 3; i++)
                        await t.OobWriteAsync(fd, s_byte).OrThrow();
                })));
            }, new SimulationOptions { Seed = seed, MergesTurns = merges, EventLog = log });
            string[] turns = [.. log.Lines.Where(line => !line.StartsWith("  ", StringComparison.Ordinal))];
            for (int i = 0; i < turns.Length; i++)
            {
                if (!turns[i].Contains("oob_write ThreadEnter", StringComparison.Ordinal))
                    continue;
                calls++;
                string call = turns[i][turns[i].IndexOf("call ", StringComparison.Ordinal)..turns[i].IndexOf(" ThreadEnter", StringComparison.Ordinal)];
                interrupted += turns[i..(i + 4)].All(turn => turn.Contains(call, StringComparison.Ordinal)) ? 0 : 1;
            }
        }
        Assert.Equal(120, calls);
        Assert.Equal(merges, interrupted == 0);
    }

    [Fact]
    public void SelfCheck_FollowsFromItsSeed_Passes()
    {
        for (ulong seed = 1; seed <= 20; seed++)
            Simulation.SelfCheck(Scenarios.ReadAgainstClose(Defect.None), seed);
    }

    [Fact]
    public void SelfCheck_StateLeftFromTheFirstRun_NamesTheFirstEventThatDiffers()
    {
        int runs = 0;
        SimulationNotRepeatableException thrown = Assert.Throws<SimulationNotRepeatableException>(() => Simulation.SelfCheck(async s =>
        {
            UserThread thread = s.Machine.CreateProcess().CreateThread(name: "worker");
            SysResult _ = ++runs == 1 ? await thread.DupAsync(0) : await thread.GetpidAsync();
        }));
        Assert.Contains("call 1 of worker: dup", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("call 1 of worker: getpid", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SelfCheck_ContinuationOnTheThreadPool_IsNamed()
    {
        SimulationNotRepeatableException thrown = Assert.Throws<SimulationNotRepeatableException>(() => Simulation.SelfCheck(Escape, options: s_patient));
        Assert.Contains("of stray", thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"the thread pool, in {nameof(SimulationTests)}.{nameof(Escape)}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_BodyAwaitsATaskOfAnotherThread_WaitsAndIsNotRepeatable()
    {
        var gate = new TaskCompletionSource();
        SimulationResult result = Simulation.Run(
            async s =>
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => gate.SetResult(), null);
                await gate.Task;
                await s.Machine.CreateProcess().CreateThread().GetpidAsync();
            },
            s_patient);
        // The task may have been there before it was awaited.
        Assert.Equal(result.IsRepeatable, result.Foreign.Count == 0);
    }

    [Fact]
    public void Run_ScenarioThrows_ThrownWithTheSeed()
    {
        var cause = new TimeoutException("late");
        SimulationFailedException thrown = Assert.Throws<SimulationFailedException>(() => Simulation.Run(_ => throw cause, 7));
        Assert.Same(cause, thrown.InnerException);
        Assert.Equal(7ul, thrown.Seed);
    }

    [Fact]
    public void Run_AwaitsACallThatNobodyAnswers_ThrowsWithWhatItWaitsFor()
    {
        SimulationStuckException thrown = Assert.Throws<SimulationStuckException>(() => Simulation.Run(async s =>
        {
            UserThread thread = s.Machine.CreateProcess().CreateThread(name: "sleeper");
            await thread.AttachAsync().OrThrow();
            int xbuf = await thread.CreateXbufAsync("empty", 16, 16).OrThrow();
            await thread.ReadAsync(xbuf, s_byte);
        }));
        Assert.Contains("read(4) of sleeper sleeps in Read of", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_BlockingFromOutside_RunsTheSimulation()
    {
        var engine = new SimulationEngine(3);
        var machine = new EvlMachine(new EvlMachineOptions { Engine = engine });
        UserThread thread = machine.CreateProcess().CreateThread(name: "outside");
        thread.Attach().OrThrow();
        int xbuf = thread.CreateXbuf("empty", 16, 16).OrThrow();
        SimulationStuckException thrown = Assert.Throws<SimulationStuckException>(() => { thread.Read(xbuf, s_byte); });
        Assert.Contains("read(4) of outside sleeps in Read of", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Call_BlockingFromABody_Throws() => Simulation.Run(s =>
    {
        UserThread thread = s.Machine.CreateProcess().CreateThread();
        Assert.Throws<InvalidOperationException>(() => { thread.Dup(0); });
        return Task.CompletedTask;
    });

    [Fact]
    public void Run_InvariantIsViolatedAtTheEnd_Throws()
    {
        SimulationFailedException thrown = Assert.Throws<SimulationFailedException>(() => Simulation.Run(async s =>
        {
            s.AddInvariant(new NothingHappens());
            await s.Machine.CreateProcess().CreateThread().GetpidAsync();
        }));
        Assert.Contains("'nothing happens' is violated", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_InvariantThrows_ThrownAsIs()
    {
        var cause = new TimeoutException();
        SimulationFailedException thrown = Assert.Throws<SimulationFailedException>(() => Simulation.Run(async s =>
        {
            s.Always("throws", _ => throw cause);
            await s.Machine.CreateProcess().CreateThread().GetpidAsync();
        }));
        Assert.Same(cause, thrown.InnerException);
    }

    [Fact]
    public void Run_TheMachineFails_Throws()
    {
        var cause = new TimeoutException("the supervisor was told so");
        SimulationFailedException thrown = Assert.Throws<SimulationFailedException>(() => Simulation.Run(async s =>
        {
            UserThread thread = s.Machine.CreateProcess().CreateThread();
            s.Machine.Dovetail.Tell(new ActorFailed(s.Machine.Dovetail, cause), Rank.Head);
            while (!s.Machine.Completion.IsFaulted)
                await thread.GetpidAsync();
        }));
        Assert.Same(cause, thrown.InnerException);
    }

    [Fact]
    public void Draw_SameSeed_SameNumbers()
    {
        Assert.Equal(Draws(1), Draws(1));
        Assert.NotEqual(Draws(1), Draws(2));

        static List<int> Draws(ulong seed)
        {
            var draws = new List<int>();
            Simulation.Run(
                s =>
                {
                    for (int i = 0; i < 10; i++)
                        draws.Add(s.Draw(1000));
                    return Task.CompletedTask;
                },
                seed);
            return draws;
        }
    }

    private static async Task Escape(SimulationScenario s)
    {
        UserThread thread = s.Machine.CreateProcess().CreateThread(name: "stray");
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await thread.GetpidAsync();
    }

    private sealed class NothingHappens : IInvariant
    {
        private int _events;

        public string Name => "nothing happens";

        public string? Happened(in MachineEvent happened)
        {
            _events++;
            return null;
        }

        public string? Ended() => _events > 0 ? $"{_events} events" : null;
    }
}

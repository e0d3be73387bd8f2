using Xunit;

namespace EvlActors.TestKit.Tests;

/// <summary>The attributes of Linux's fault injection, each by itself and together, on a point of the test's own.</summary>
public sealed class FaultAttributesTests
{
    private static readonly FaultPoint s_point = new("fail_function");

    [Fact]
    public void Probability_Hundred_FailsOnceUnlessTimesSaysMore()
    {
        Assert.Equal("X---", Draw(new FaultAttributes { Probability = 100 }, 4));
        Assert.Equal("XX--", Draw(new FaultAttributes { Probability = 100, Times = 2 }, 4));
        Assert.Equal("XXXX", Draw(new FaultAttributes { Probability = 100, Times = -1 }, 4));
        Assert.Equal("----", Draw(new FaultAttributes { Probability = 100, Times = 0 }, 4));
        Assert.Equal("----", Draw(new FaultAttributes { Times = -1 }, 4));
    }

    [Fact]
    public void Probability_OfAThird_IsDrawnFromTheSeed()
    {
        var third = new FaultAttributes { Probability = 33, Times = -1 };
        string first = Draw(third, 3_000);
        Assert.InRange(first.Count(c => c == 'X'), 900, 1_080);
        Assert.Equal(first, Draw(third, 3_000));
        Assert.NotEqual(first, Draw(third, 3_000, seed: 2));
    }

    [Fact]
    public void Interval_OfThree_EveryThirdTime() =>
        Assert.Equal("--X--X--X", Draw(new FaultAttributes { Probability = 100, Interval = 3, Times = -1 }, 9));

    [Fact]
    public void Space_IsSpentFirst()
    {
        // The budget lasts while it is more than what is asked for, as Linux has it.
        Assert.Equal("--XX", Draw(new FaultAttributes { Probability = 100, Space = 3, Times = -1 }, 4));
        Assert.Equal("--X-", Draw(new FaultAttributes { Probability = 100, Space = 25 }, 4, size: 10));
    }

    [Fact]
    public void FailNth_ExactlyThatTime_WhateverElseIsSaid()
    {
        Assert.Equal("--X---", Draw(new FaultAttributes { FailNth = 3 }, 6));
        Assert.Equal("--X---", Draw(new FaultAttributes { FailNth = 3, Probability = 100, Times = 0, Space = 99, Interval = 7 }, 6));
    }

    [Fact]
    public void TaskFilter_OthersNeitherFailNorCount() => Simulation.Run(
        async s =>
        {
            EvlProcess app = s.Machine.CreateProcess();
            UserThread meant = app.CreateThread(name: "meant");
            UserThread other = app.CreateThread(name: "other");
            s.Machine.Faults.Set(FaultPoint.Descriptor, new FaultAttributes { FailNth = 2, TaskFilter = task => task.Name == "meant" });
            Assert.True((await other.DupAsync(0)).IsSuccess);
            Assert.True((await other.DupAsync(0)).IsSuccess);
            Assert.True((await meant.DupAsync(0)).IsSuccess);
            Assert.True((await other.DupAsync(0)).IsSuccess);
            Assert.Equal(Errno.EMFILE, (await meant.DupAsync(0)).Errno);
            Assert.Equal(2, s.Machine.Faults.Met(FaultPoint.Descriptor));
            // What no call leads to passes no filter.
            s.Machine.Faults.Set(s_point, new FaultAttributes { Probability = 100, TaskFilter = _ => true });
            Assert.False(s.Machine.Faults.ShouldFail(s_point));
        });

    [Fact]
    public void Set_OutOfRange_NamesTheAttribute()
    {
        FaultAttributes[] wrong =
        [
            new() { Probability = 101 }, new() { Probability = -1 }, new() { Interval = 0 }, new() { Times = -2 }, new() { Space = -1 },
            new() { FailNth = -1 }, new() { Verbose = 3 }, new() { Delay = TimeSpan.FromTicks(-1) },
        ];
        string[] names = ["Probability", "Probability", "Interval", "Times", "Space", "FailNth", "Verbose", "Delay"];
        Simulation.Run(s =>
        {
            for (int i = 0; i < wrong.Length; i++)
            {
                ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(() => s.Machine.Faults.Set(s_point, wrong[i]));
                Assert.Equal(names[i], thrown.ParamName);
            }
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Faults_OfARun_AreRepeatedByTheSeed()
    {
        var options = new SimulationOptions
        {
            Machine = new EvlMachineOptions
            {
                Faults = new Dictionary<FaultPoint, FaultAttributes>
                {
                    [FaultPoint.UserCopy] = new() { Probability = 30, Times = -1 },
                    [FaultPoint.Stall] = new() { Probability = 30, Times = -1 },
                    [FaultPoint.Sleep] = new() { Probability = 30, Times = -1 },
                },
            },
        };
        for (ulong seed = 1; seed <= 5; seed++)
            Simulation.SelfCheck(FaultScenarios.ReadWriteClose(FaultDefect.None), seed, options);
    }

    [Fact]
    public void Explore_FaultsOfAnyKindAtAnyTime_NothingFails()
    {
        var sometimes = new FaultAttributes { Probability = 5, Times = -1 };
        FaultPoint[] points =
        [
            FaultPoint.UserCopy, FaultPoint.Allocation, FaultPoint.Descriptor, FaultPoint.OpenFile, FaultPoint.Sleep, FaultPoint.Handler,
            FaultPoint.Stall, FaultPoint.LateReference,
        ];
        var options = new ExplorationOptions
        {
            Simulation = new SimulationOptions
            {
                TurnLimit = 1_000_000,
                Machine = new EvlMachineOptions { Faults = points.ToDictionary(point => point, _ => sometimes) },
            },
        };
        Exploration.Explore(FaultScenarios.Tolerant(FaultScenarios.EveryCall), 2_000, options).ThrowIfFailed();
    }

    private static string Draw(FaultAttributes attributes, int times, ulong seed = 1, long size = 1)
    {
        string drawn = "";
        Simulation.Run(
            s =>
            {
                s.Machine.Faults.Set(s_point, attributes);
                drawn = string.Concat(Enumerable.Range(0, times).Select(_ => s.Machine.Faults.ShouldFail(s_point, size) ? 'X' : '-'));
                return Task.CompletedTask;
            },
            seed);
        return drawn;
    }
}

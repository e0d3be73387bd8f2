using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace EvlActors.Tests;

/// <summary>
/// Threads of some processes call whatever they like, in any order: descriptors, files of both stages, signals, fork and exit.
/// However they walk, the counts of references are right, each file is released once, and the index knows no dead file.
/// </summary>
public sealed class RandomWalkTests
{
    private const int Seeds = 10_000;
    private const int FaultySeeds = 10_000;

    [Fact, Trait("Rule", "D-2")]
    public void AnyCalls_AnyOrder_ReferencesAndIndexAreSound()
    {
        // From a constant: what fails today fails tomorrow.
        Config config = Config.QuickThrowOnFailure.WithMaxTest(Seeds).WithReplay(1, 1);
        Prop.ForAll(Arb.From(Programs(), program => program.Smaller()), program => new Walk(program).Run()).Check(config);
    }

    public static TheoryData<string[]> Faults => new()
    {
        { ["fail_usercopy", "failslab", "fail_fd", "fail_file", "fail_sleep"] },
        { ["stall_device", "late_reference"] },
        { ["fail_handler"] },
        { ["fail_usercopy", "failslab", "fail_fd", "fail_file", "fail_sleep", "stall_device", "late_reference", "fail_handler"] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void AnyCalls_UnderFaults_ReferencesAndIndexAreSound(string[] points)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(FaultySeeds).WithReplay(1, 1);
        FaultPoint[] faulty = [.. points.Select(point => new FaultPoint(point))];
        Prop.ForAll(Arb.From(Programs(), program => program.Smaller()), program => new Walk(program, faulty).Run()).Check(config);
    }

    [Fact, Trait("Rule", "C-4")]
    public void Exit_SharedTable_BothProcessesAtOnce_LastOneClosesIt() => WalkAll(
        [], [new(WalkOp.Fork, 3, 0), new(WalkOp.Exit, 0, 0)]);

    [Fact, Trait("Rule", "D-2")]
    public void Write_OvertakesTheInstallOfItsNumber_FileIsNotReleased() => WalkAll(
        [new(WalkOp.Open, 2, 1)],
        [],
        [new(WalkOp.Write, 3, 7), new(WalkOp.Write, 3, 7), new(WalkOp.Lseek, 3, 0), new(WalkOp.Write, 3, 7), new(WalkOp.Write, 3, 7)]);

    [Fact, Trait("Rule", "C-4")]
    public void Attach_StalledUntilItsTableIsGone_AnsweredAsOfADeadThread()
    {
        WalkCall[][] threads = [[new(WalkOp.Fork, 7, 5), new(WalkOp.CloseRange, 6, 6)], [], [new(WalkOp.Attach, 0, 0)], []];
        for (int seed = 1; seed <= 2000; seed++)
            new Walk(new WalkProgram(seed, threads), new FaultPoint("stall_device")).Run();
    }

    private static void WalkAll(params WalkCall[][] threads)
    {
        for (int seed = 1; seed <= 1000; seed++)
            new Walk(new WalkProgram(seed, threads)).Run();
    }

    private static Gen<WalkProgram> Programs()
    {
        // Each with its weight: what makes and drops references comes more often than what ends the walk.
        Gen<WalkOp> op = Gen.Frequency(
            (8, Gen.Elements(WalkOp.Open, WalkOp.CreateXbuf, WalkOp.Dup2)),
            (6, Gen.Elements(WalkOp.Close, WalkOp.Dup, WalkOp.Dup3, WalkOp.DupFd, WalkOp.Pipe)),
            (8, Gen.Elements(WalkOp.Read, WalkOp.Write, WalkOp.OobRead, WalkOp.OobWrite, WalkOp.Ioctl, WalkOp.OobIoctl)),
            (3, Gen.Elements(WalkOp.SetFd, WalkOp.SetFl, WalkOp.CloseRange, WalkOp.Mmap, WalkOp.Munmap, WalkOp.Lseek)),
            (3, Gen.Elements(WalkOp.Attach, WalkOp.Detach, WalkOp.Fork, WalkOp.Kill, WalkOp.Sigaction, WalkOp.Unblock)),
            (1, Gen.Elements(WalkOp.Exec, WalkOp.Exit, WalkOp.Wait)));
        Gen<WalkCall> call =
            from o in op
            from a in Gen.Choose(2, 7)
            from b in Gen.Choose(0, 9)
            select new WalkCall(o, a, b);
        // Nobody would get far without a thread that has attached and a file to fight for.
        Gen<WalkCall[]> thread =
            from length in Gen.Choose(1, 8)
            from calls in call.ArrayOf(length)
            select (WalkCall[])[new(WalkOp.Attach, 0, 0), new(WalkOp.Open, 2, 1), .. calls];
        return
            from seed in Gen.Choose(1, int.MaxValue)
            from count in Gen.Choose(2, 4)
            from threads in thread.ArrayOf(count)
            select new WalkProgram(seed, threads);
    }
}

using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class FailEachTests
{
    [Fact]
    public void FailEach_CorrectDriver_EachFaultIsAnsweredWithItsErrno()
    {
        FaultReport report = Faults.FailEach(FaultScenarios.ReadWriteClose(FaultDefect.None));
        report.ThrowIfFound();
        Assert.Equal("open() = EFAULT", Seen(report, "fail_usercopy", "copy_from_user in Open"));
        Assert.Equal("open() = EMFILE", Seen(report, "fail_fd", "a descriptor in Open"));
        Assert.Equal("open(4) = ENFILE", Seen(report, "fail_file", "an open file in Open"));
        Assert.Equal("open(4) = ENOMEM", Seen(report, "failslab", "an open file in Open"));
        Assert.Equal("write(4) = EFAULT", Seen(report, "fail_usercopy", "copy_from_user in Write of /dev/post"));
        Assert.Equal("oob_read(4) = EINTR", Seen(report, "fail_sleep", "a sleep in OobRead of /dev/post"));
        Assert.Equal("oob_read(4) = EIO", Seen(report, "fail_handler", "the handler in OobRead of /dev/post"));
        Assert.Equal("oob_read(4) = 1", Seen(report, "stall_device", "the start in OobRead of /dev/post"));
        Assert.Equal("close(4) = 0", Seen(report, "late_reference", "a reference of file 3 in Close"));
        Assert.Equal("write(4) = ENOSPC", Seen(report, PostDevice.Full.Name, "the driver in Write of /dev/post"));
    }

    [Fact]
    public void FailEach_EveryCallOfTheMachine_NothingIsFound()
    {
        for (ulong seed = 1; seed <= 20; seed++)
            Faults.FailEach(FaultScenarios.EveryCall, WithSeed(seed)).ThrowIfFound();
    }

    [Fact]
    public void FailEach_ServicesOfTheMachine_NothingIsFound()
    {
        var met = new HashSet<FaultPoint>();
        for (ulong seed = 1; seed <= 10; seed++)
        {
            FaultReport report = Faults.FailEach(FaultScenarios.Services, WithSeed(seed));
            report.ThrowIfFound();
            met.UnionWith(report.Trials.Select(trial => trial.Point));
        }
        Assert.Superset(
            new HashSet<FaultPoint>
            {
                FaultPoint.UserCopy, FaultPoint.Allocation, FaultPoint.Descriptor, FaultPoint.OpenFile, FaultPoint.Sleep,
                FaultPoint.Handler, FaultPoint.Stall, FaultPoint.LateReference, FaultPoint.Worker,
            },
            met);
    }

    [Fact]
    public void FailEach_ReferenceKept_ReleaseHangs()
    {
        FaultReport report = Faults.FailEach(FaultScenarios.ReadWriteClose(FaultDefect.ReferenceKept), WithSeed(1));
        Assert.All(report.Findings, finding => Assert.Equal((FaultPoint.UserCopy, FaultVerdict.Hang), (finding.Point, finding.Verdict)));
        FaultTrial first = report.Findings[0];
        Assert.Equal("raw_copy_to_user in OobRead of /dev/post", first.Where);
        Assert.Contains("close(4)", first.Detail, StringComparison.Ordinal);
        FaultsFoundException thrown = Assert.Throws<FaultsFoundException>(report.ThrowIfFound);
        Assert.Contains($"fail_usercopy {first.Nth}, hang: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FailEach_LockKept_TheNextWriterHangs()
    {
        FaultTrial finding = Faults.FailEach(FaultScenarios.ReadWriteClose(FaultDefect.LockKept), WithSeed(1)).Findings[0];
        Assert.Equal(("copy_from_user in Write of /dev/post", FaultVerdict.Hang), (finding.Where, finding.Verdict));
        Assert.Contains("write(4) of writer sleeps in Write of /dev/post", finding.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OpenerDefect.None, "")]
    [InlineData(OpenerDefect.DescriptorKept, "the call failed, but descriptor 4 that it made is open")]
    [InlineData(OpenerDefect.ThreadKept, "left when all processes have ended: 1 of kernel thread opener of devices/dev/opener")]
    public void FailEach_CopyFaultsHalfway_WhatIsLeftIsALeak(OpenerDefect defect, string detail)
    {
        FaultReport report = Faults.FailEach(
            async s =>
            {
                s.Machine.AddDevice("/dev/opener", () => new OpenerDevice(defect));
                UserThread t = s.Machine.CreateProcess().CreateThread(name: "t");
                int fd = await t.OpenAsync("/dev/opener").OrThrow();
                await t.IoctlAsync(fd, OpenerDevice.Begin, new byte[4]).OrThrow();
                await t.IoctlAsync(fd, OpenerDevice.End).OrThrow();
            },
            WithSeed(1) with { Points = [FaultPoint.UserCopy, FaultPoint.Worker] });
        if (defect == OpenerDefect.None)
        {
            report.ThrowIfFound();
            Assert.Contains(report.Trials, trial => trial.Point == FaultPoint.Worker);
            return;
        }
        FaultTrial finding = Assert.Single(report.Findings);
        Assert.Equal((FaultVerdict.Leak, detail), (finding.Verdict, finding.Detail));
    }

    [Fact]
    public void FailEach_ScenarioMistakesAnErrno_Broken()
    {
        FaultReport report = Faults.FailEach(
            async s =>
            {
                UserThread t = s.Machine.CreateProcess().CreateThread();
                SysResult copy = await t.DupAsync(0);
                if (copy.IsError)
                    throw new InvalidOperationException("there are always descriptors");
            },
            WithSeed(1) with { Points = [FaultPoint.Descriptor] });
        FaultTrial finding = Assert.Single(report.Findings);
        Assert.Equal(FaultVerdict.Broken, finding.Verdict);
        Assert.Contains("there are always descriptors", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void FailEach_FailsWithoutFaults_Throws()
    {
        Assert.Throws<SimulationFailedException>(() => Faults.FailEach(_ => throw new TimeoutException()));
        Assert.Throws<SimulationFailedException>(() => Faults.FailEach(
            async s => await s.Machine.CreateProcess().CreateThread().OpenAsync("/dev/nothing").OrThrow()));
    }

    [Fact]
    public void Report_AsText_IsATable()
    {
        FaultReport report = Faults.FailEach(
            async s =>
            {
                UserThread t = s.Machine.CreateProcess().CreateThread(name: "main");
                await t.DupAsync(0);
            },
            WithSeed(7) with { Points = [FaultPoint.Descriptor] });
        Assert.Equal(
            """
            fault      where                thread  the caller saw
            fail_fd 1  a descriptor in Dup  main    dup(0) = EMFILE  fine
            1 faults, 0 findings (seed 7).
            """.ReplaceLineEndings("\n"),
            report.ToString());
    }

    private static FailEachOptions WithSeed(ulong seed) =>
        new() { Simulation = new SimulationOptions { Seed = seed, TurnLimit = 1_000_000 } };

    private static string Seen(FaultReport report, string point, string where) =>
        report.Trials.First(trial => trial.Point.Name == point && trial.Where == where).Seen;
}

using EvlActors.Drivers;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.TestKit.Tests;

/// <summary>The code of docs/testing.md, run.</summary>
public sealed class TestingGuide
{
    [Fact]
    public void OobRead_AfterAWrite_GetsTheLetter() => Simulation.Run(async s =>
    {
        s.Machine.AddDevice("/dev/mail", () => new MailDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        await reader.AttachAsync().OrThrow();
        int fd = await reader.OpenAsync("/dev/mail").OrThrow();
        await reader.WriteAsync(fd, new byte[1]).OrThrow();
        Assert.Equal(1, await reader.OobReadAsync(fd, new byte[1]).OrThrow());
    });

    [Fact]
    public void OobRead_Asleep_HoldsTheCrossingUntilItLeaves() => Simulation.Run(async s =>
    {
        (UserThread reader, UserThread writer, int fd) = await OpenMail(s);
        Probe probe = s.Probe();
        Task reading = reader.Process.Run(reader, async t => await t.OobReadAsync(fd, new byte[1]).OrThrow());
        MachineEvent begun = await probe.Expect(reader, MachineEventKind.CallRouted);
        await probe.ExpectAsleep(reader);
        await writer.WriteAsync(fd, new byte[1]).OrThrow();
        await probe.ExpectAwake(reader);
        MachineEvent dropped = await probe.ExpectReferenceDropped(begun.File, Stage.Oob);
        Assert.Equal(1, dropped.Count);                     // the crossing's first, which ReleaseOob gives back
        await reading;
    });

    [Fact]
    public void Dup2_OverASleepersDescriptor_ReleasesTheOldFile() => Exploration.Explore(WhenTheReaderSleepsDup2, seeds: 1_000).ThrowIfFailed();

    static async Task WhenTheReaderSleepsDup2(SimulationScenario s)
    {
        (UserThread reader, UserThread writer, int fd) = await OpenMail(s);
        await s.Script()
            .Start(reader, t => t.OobReadAsync(fd, new byte[1]))
            .WhenAsleep(reader)
            .Start(writer, t => t.Dup2Async(0, fd))
            .ExpectHook(MachineEventKind.HookReplace, fd)
            .When(writer, MachineEventKind.ReleaseBegun)
            .ExpectAwake(reader, Errno.EIDRM)
            .ExpectAnswer(reader, SyscallNumber.OobRead, Errno.EIDRM)
            .Play();
    }

    [Fact]
    public void OobRead_HeldWhileItsDescriptorIsReplaced_StillTheOldFile() => Simulation.Run(async s =>
    {
        (UserThread reader, UserThread writer, int fd) = await OpenMail(s);
        await s.Script()
            .Do(writer, t => t.WriteAsync(fd, new byte[1]))
            .Hold(reader, MachineEventKind.OobReferenceTaken)   // it has the old file, and goes no farther
            .Start(reader, t => t.OobReadAsync(fd, new byte[1]))
            .WhenHeld(reader)
            .Start(writer, t => t.Dup2Async(0, fd))
            .ExpectHook(MachineEventKind.HookReplace, fd)
            .LetGo(reader)
            .ExpectAnswer(reader, SyscallNumber.OobRead, 1)
            .Play();
    });

    static async Task ReadAgainstClose(SimulationScenario s, Func<MailDevice> driver)
    {
        (UserThread reader, UserThread closer, int fd) = await OpenMail(s, driver);
        Task reading = reader.Process.Run(reader, async t => await t.OobReadAsync(fd, new byte[1]));
        Task closing = closer.Process.Run(closer, async t => await t.CloseAsync(fd).OrThrow());
        await reading;
        await closing;
    }

    [Fact]
    public void ReadAgainstClose_InManyOrders_Sound() =>
        Exploration.Explore(s => ReadAgainstClose(s, () => new MailDevice()), seeds: 10_000).ThrowIfFailed();

    [Fact]
    public void ReadAgainstClose_TheRaceThatWasMended_StaysMended() =>
        Simulation.Replay(s => ReadAgainstClose(s, () => new MailDevice()), "1 33:1");

    [Fact]
    public void Letters_AreNeverMoreThanWereWritten() => Exploration.Explore(
        async s =>
        {
            (UserThread reader, UserThread writer, int fd) = await OpenMail(s);
            int letters = 0;
            s.Always("letters", e =>
            {
                if (e is { Kind: MachineEventKind.CallRouted, Nr: SyscallNumber.Write })
                    letters++;
                if (e is { Kind: MachineEventKind.CallAnswered, Nr: SyscallNumber.OobRead, Result.IsSuccess: true })
                    letters--;
                return letters < 0 ? "one was read that nobody has written" : null;
            });
            Task reading = reader.Process.Run(reader, async t => await t.OobReadAsync(fd, new byte[1]).OrThrow());
            Task writing = writer.Process.Run(writer, async t => await t.WriteAsync(fd, new byte[1]).OrThrow());
            await reading;
            await writing;
        },
        seeds: 1_000).ThrowIfFailed();

    static async Task WriteThenRead(SimulationScenario s)
    {
        (UserThread reader, UserThread writer, int fd) = await OpenMail(s);
        await writer.WriteAsync(fd, new byte[1]).OrThrow();
        await reader.OobReadAsync(fd, new byte[1]).OrThrow();
        await writer.CloseAsync(fd).OrThrow();
    }

    [Fact]
    public void WriteThenRead_EachSingleFault_EndsWell() => Faults.FailEach(WriteThenRead).ThrowIfFound();

    [Fact]
    public void CloseWhatWasOpened_FaultsByChance_Sound()
    {
        var faulty = new EvlMachineOptions
        {
            Faults = new Dictionary<FaultPoint, FaultAttributes>
            {
                [FaultPoint.Handler] = new() { Probability = 10, Times = -1 },
                [FaultPoint.LateReference] = new() { Probability = 20, Times = -1, Delay = TimeSpan.FromMilliseconds(1) },
            },
        };
        Exploration.Explore(
            CloseWhatWasOpened,
            seeds: 2_000,
            new ExplorationOptions { Simulation = new SimulationOptions { Machine = faulty } }).ThrowIfFailed();
    }

    static async Task CloseWhatWasOpened(SimulationScenario s)
    {
        s.Machine.AddDevice("/dev/mail", () => new MailDevice());
        UserThread thread = s.Machine.CreateProcess().CreateThread(name: "opener");
        SysResult fd = await thread.OpenAsync("/dev/mail");
        if (fd.IsError)
            return;
        await thread.WriteAsync((int)fd.Value, new byte[1]);
        await thread.CloseAsync((int)fd.Value);
    }

    [Fact]
    public async Task ALiveRun_IsRepeatedInSimulation()
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = new PriorityEngine() });
        var recording = new Recording(machine);
        await Play(machine);
        recording.Stop();
        RecordedRun run = recording.FindSchedule(s => Play(s.Machine));
        Assert.True(run.IsWhole, run.Difference);
        Simulation.Replay(s => Play(s.Machine), run.Schedule.ToString());
    }

    [Fact]
    public void ReadAgainstClose_ADriverThatDoesNotWait_FailsAsThePageSays()
    {
        ExplorationFailedException failed = Assert.Throws<ExplorationFailedException>(
            () => Exploration.Explore(s => ReadAgainstClose(s, () => new HastyMailDevice()), seeds: 10_000).ThrowIfFailed());
        Assert.Contains(failed.Message, Page.Text, StringComparison.Ordinal);
        Assert.Contains(failed.Failure.Schedule.ToString(), Page.Text, StringComparison.Ordinal);
    }

    static async Task Play(EvlMachine machine)
    {
        (UserThread reader, UserThread writer, int fd) = await OpenMail(machine, () => new MailDevice());
        Task reading = reader.Process.Run(reader, async t => await t.OobReadAsync(fd, new byte[1]));
        Task writing = writer.Process.Run(writer, async t =>
        {
            await t.WriteAsync(fd, new byte[1]);
            await t.CloseAsync(fd);
        });
        await reading;
        await writing;
    }

    static Task<(UserThread Reader, UserThread Writer, int Fd)> OpenMail(SimulationScenario s, Func<MailDevice>? driver = null) =>
        OpenMail(s.Machine, driver ?? (() => new MailDevice()));

    static async Task<(UserThread Reader, UserThread Writer, int Fd)> OpenMail(EvlMachine machine, Func<MailDevice> driver)
    {
        machine.AddDevice("/dev/mail", driver);
        EvlProcess app = machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread writer = app.CreateThread(name: "writer");
        await reader.AttachAsync().OrThrow();
        return (reader, writer, await writer.OpenAsync("/dev/mail").OrThrow());
    }

    private class MailDevice : CharDevice
    {
        private readonly WaitQueue _readers = new();
        private int _letters;

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask OobRead(IoCall call)
        {
            while (_letters == 0)
            {
                if (await _readers.Wait(call) is { IsError: true } interrupted)
                    return interrupted;
            }
            _letters--;
            return 1;
        }

        protected internal override IoTask Write(IoCall call)
        {
            _letters++;
            _readers.WakeOne();
            return SysResult.Ok(1);
        }

        protected internal override async IoTask Release(IoCall call)
        {
            _readers.Flush();
            await call.File.ReleaseOob();
            return 0;
        }
    }

    private sealed class HastyMailDevice : MailDevice
    {
        protected internal override IoTask Release(IoCall call) => SysResult.Ok();
    }
}

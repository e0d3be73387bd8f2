using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class HeldCallTests
{
    private const ulong Seeds = 200;

    [Fact]
    public void Hold_AtTheHook_TheOldFileStaysUntilItIsLetGo() => EachSeed(async s =>
    {
        (UserThread reader, UserThread writer, int fd) = await Line.Open(s);
        Task reading = Line.Read(reader, fd);
        Probe probe = s.Probe();
        HeldCall held = s.Hold(writer, MachineEventKind.HookUninstall);
        Task closing = writer.Process.Run(writer, async t => await t.CloseAsync(fd).OrThrow());
        Assert.Equal(fd, (await held.Reached).Fd);
        probe.ExpectNone(MachineEventKind.ReleaseBegun);
        held.LetGo();
        await probe.ExpectHook(MachineEventKind.HookUninstall, fd);
        await probe.Expect(writer, MachineEventKind.ReleaseDone);
        await closing;
        await reading;
    });

    [Fact]
    public void Hold_BeforeTheRelease_OobCallsRankHigherAndPass() => EachSeed(async s =>
    {
        (UserThread reader, UserThread writer, int fd) = await Line.Open(s);
        await writer.OobWriteAsync(fd, new byte[1]).OrThrow();
        HeldCall entering = s.Hold(reader, MachineEventKind.CallEntered);
        Task<SysResult> reading = Task.FromResult<SysResult>(0);
        Task body = reader.Process.Run(reader, async t => reading = Task.FromResult(await t.OobReadAsync(fd, new byte[1])));
        await entering.Reached;
        HeldCall releasing = s.Hold(writer, MachineEventKind.ReleaseBegun);
        Task closing = writer.Process.Run(writer, async t => await t.CloseAsync(fd).OrThrow());
        entering.LetGo();
        await releasing.Reached;
        await body;
        releasing.LetGo();
        await closing;
        Assert.True((await reading) == 1 || (await reading) == Errno.EBADF);
    });

    [Fact]
    public void Hold_ASleeperThatWasWoken_RunsWhenLetGo() => EachSeed(async s =>
    {
        (UserThread reader, UserThread writer, int fd) = await Line.Open(s);
        Probe probe = s.Probe();
        HeldCall held = s.Hold(reader, MachineEventKind.CallWoken);
        Task reading = Line.Read(reader, fd);
        await probe.ExpectAsleep(reader);
        await writer.OobWriteAsync(fd, new byte[1]).OrThrow();
        await held.Reached;
        probe.ExpectNone(MachineEventKind.CallAnswered, reader);
        held.LetGo();
        held.LetGo();
        await reading;
    });

    [Fact]
    public void Hold_LetGoBeforeItComesThere_Passes() => Simulation.Run(async s =>
    {
        (UserThread _, UserThread writer, int fd) = await Line.Open(s);
        HeldCall held = s.Hold(writer, MachineEventKind.HookUninstall);
        held.LetGo();
        await writer.CloseAsync(fd).OrThrow();
        Assert.False(held.Reached.IsCompleted);
    });

    [Fact]
    public void Hold_NeverLetGo_StuckAndNamed()
    {
        SimulationStuckException stuck = Assert.Throws<SimulationStuckException>(() => Simulation.Run(
            async s =>
            {
                (UserThread _, UserThread writer, int fd) = await Line.Open(s);
                s.Hold(writer, MachineEventKind.HookUninstall);
                await writer.CloseAsync(fd);
            },
            new SimulationOptions { ForeignGrace = TimeSpan.Zero }));
        Assert.Contains("held: writer at HookUninstall, by oob", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hold_AtTheAnswer_Throws() => Simulation.Run(s =>
    {
        UserThread thread = s.Machine.CreateProcess().CreateThread();
        Assert.Throws<ArgumentOutOfRangeException>(() => s.Hold(thread, MachineEventKind.CallAnswered));
        return Task.CompletedTask;
    });

    private static void EachSeed(Func<SimulationScenario, Task> scenario)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
            Simulation.Run(scenario, new SimulationOptions { Seed = seed, ForeignGrace = TimeSpan.Zero });
    }
}

using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class ScriptTests
{
    [Fact]
    public void Play_WhenTheReaderSleepsClose_Eidrm() => Exploration.Explore(
        async s =>
        {
            (UserThread reader, UserThread writer, int fd) = await Line.Open(s);
            await s.Script()
                .Start(reader, t => t.OobReadAsync(fd, new byte[1]))
                .WhenAsleep(reader)
                .Start(writer, t => t.CloseAsync(fd))
                .ExpectHook(MachineEventKind.HookUninstall, fd)
                .Expect(p => p.Expect(writer, MachineEventKind.ReleaseBegun))
                .ExpectAwake(reader, Errno.EIDRM)
                .ExpectAnswer(reader, SyscallNumber.OobRead, Errno.EIDRM)
                .Play();
        },
        seeds: 500).ThrowIfFailed();

    [Fact]
    public void Play_ReadHeldWhileItsDescriptorIsReplaced_ReadsTheOldFile() => Exploration.Explore(
        async s =>
        {
            (UserThread reader, UserThread writer, int fd) = await Line.Open(s);
            await s.Script()
                .Do(writer, t => t.OobWriteAsync(fd, new byte[1]))
                .Hold(reader, MachineEventKind.OobReferenceTaken)
                .Start(reader, t => t.OobReadAsync(fd, new byte[1]))
                .WhenHeld(reader)
                .Start(writer, t => t.Dup2Async(0, fd))
                .ExpectHook(MachineEventKind.HookReplace, fd)
                .LetGo(reader)
                .ExpectAnswer(reader, SyscallNumber.OobRead, 1)
                .Play();
        },
        seeds: 500,
        new ExplorationOptions { ShrinkLimit = 0 }).ThrowIfFailed();

    [Fact]
    public void ExpectAnswer_AnotherAnswer_Fails()
    {
        SimulationFailedException failed = Assert.Throws<SimulationFailedException>(() => Simulation.Run(async s =>
        {
            UserThread thread = s.Machine.CreateProcess().CreateThread(name: "worker");
            await s.Script()
                .Start(thread, t => t.CloseAsync(17))
                .ExpectAnswer(thread, SyscallNumber.Close, 0)
                .Play();
        }));
        Assert.Contains("close of worker answered EBADF, not 0", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LetGo_NothingHeld_Throws() => Simulation.Run(async s =>
    {
        UserThread thread = s.Machine.CreateProcess().CreateThread();
        await Assert.ThrowsAsync<InvalidOperationException>(() => s.Script().LetGo(thread).Play());
    });
}

using EvlActors;
using EvlActors.Behaviour;

namespace SenseHat.Tests;

/// <summary>When exactly a change is drawn: in virtual time.</summary>
public sealed class RefreshTests() : MachineTests(EngineUnderTest.Simulation(20))
{
    private static readonly byte[] s_redBytes = [0x00, 0xf8];

    [Fact]
    public Task Write_TwoInAPeriod_DrawnOnceAtItsEnd() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        await Pass(t, 19);
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        Assert.Equal(0, panel.Times);
        await Pass(t, 2);
        Assert.Equal(1, panel.Times);
        Assert.Equal(2, panel.Lit.Count(led => led != default));
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        await Pass(t, 19);
        Assert.Equal(1, panel.Times);
        await Pass(t, 2);
        Assert.Equal(2, panel.Times);
    });

    [Fact]
    public Task Mmap_PagesUnmapped_TimerEndsWithTheLastPart() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        EvlMapping first = (await t.MmapAsync(fd, 128)).OrThrow();
        EvlMapping second = (await t.MmapAsync(fd, 128)).OrThrow();
        Memory<byte> memory = second.Memory;
        await t.MunmapAsync(first.Address, first.Length).OrThrow();
        await Pass(t, 100);
        s_redBytes.CopyTo(memory);
        await Pass(t, 21);
        Assert.Equal(1, panel.Times);
        await t.MunmapAsync(second.Address, second.Length).OrThrow();
        await Pass(t, 21);
        s_redBytes.CopyTo(memory[2..]); // as no process may: it shows that nobody looks any more
        await Pass(t, 100);
        Assert.Equal(1, panel.Times);
    });

    [Fact]
    public Task Mmap_Forked_TimerGoesOnForTheChild() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        EvlMapping mapping = (await t.MmapAsync(fd, 128)).OrThrow();
        EvlProcess child = s.Machine.GetProcess(await t.ForkAsync().OrThrow())!;
        UserThread u = child.CreateThread();
        Memory<byte> memory = mapping.Memory;
        await t.MunmapAsync(mapping.Address, mapping.Length).OrThrow();
        await Pass(u, 100);
        s_redBytes.CopyTo(memory);
        await Pass(u, 21);
        Assert.Equal(1, panel.Times);
    });

    private static async Task<(UserThread Thread, int Fd, RecordedPanel Panel)> Open(Scenario s)
    {
        var panel = new RecordedPanel();
        SenseHatModule.Add(s.Machine, panel);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await t.OpenAsync(SenseHatModule.Matrix).OrThrow(), panel);
    }

    private static async Task Pass(UserThread t, int ms) => await t.PollAsync(Array.Empty<PollFd>(), ms).OrThrow();
}

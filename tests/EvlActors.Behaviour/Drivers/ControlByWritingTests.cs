using System.Text;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>A device that is controlled by what is written to it.</summary>
public abstract class ControlByWritingTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task Write_TextAndSequences_BothTakenAndCounted() => Play(async s =>
    {
        (LampDevice lamp, UserThread t, int fd) = await Open(s);
        Assert.Equal(9, (await Write(t, fd, "ab\x1b[31mcd")).Value);
        Assert.Equal(("abcd", 31), (lamp.Shown, lamp.Colour));
        Assert.Equal(6, (await Write(t, fd, "\x1b\x63neu" + "!")).Value);
        Assert.Equal("neu!", lamp.Shown);
    });

    [Fact]
    public Task Write_SequenceInTwoWrites_OfOneFileOnly() => Play(async s =>
    {
        (LampDevice lamp, UserThread t, int fd) = await Open(s);
        int other = await t.OpenAsync("/dev/lamp").OrThrow();
        Assert.Equal(3, (await Write(t, fd, "\x1b[3")).Value);
        Assert.Equal(2, (await Write(t, other, "2m")).Value);
        Assert.Equal(("2m", 0), (lamp.Shown, lamp.Colour));
        Assert.Equal(2, (await Write(t, fd, "2m")).Value);
        Assert.Equal(("2m", 32), (lamp.Shown, lamp.Colour));
    });

    [Fact]
    public Task Write_UnknownSequence_IgnoredAndCountedAsWritten() => Play(async s =>
    {
        (LampDevice lamp, UserThread t, int fd) = await Open(s);
        Assert.Equal(6, (await Write(t, fd, "a\x1b[5zb")).Value);
        Assert.Equal(("ab", 1), (lamp.Shown, lamp.Unknown));
    });

    [Fact]
    public Task Write_NoRoomForTheText_ShortThenEnospc() => Play(async s =>
    {
        (LampDevice lamp, UserThread t, int fd) = await Open(s);
        Assert.Equal(4 + LampDevice.Room, (await Write(t, fd, "\x1b[7m0123456789")).Value);
        Assert.Equal(Errno.ENOSPC, (await Write(t, fd, "89\x1b[1m")).Errno);
        Assert.Equal(("01234567", 7), (lamp.Shown, lamp.Colour));
        Assert.Equal(4, (await Write(t, fd, "\x1b[1m")).Value);
        Assert.Equal(1, lamp.Colour);
    });

    private static async Task<(LampDevice Lamp, UserThread Thread, int Fd)> Open(Scenario s)
    {
        var lamp = new LampDevice();
        s.Machine.AddDevice("/dev/lamp", () => lamp);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (lamp, t, await t.OpenAsync("/dev/lamp", OpenFlags.WriteOnly).OrThrow());
    }

    private static ValueTask<SysResult> Write(UserThread t, int fd, string text) => t.WriteAsync(fd, Encoding.Latin1.GetBytes(text));
}

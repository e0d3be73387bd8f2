using Xunit;

namespace EvlActors.Behaviour;

/// <summary>The rules of sleeping, on the pipe that LDD3 explains them with.</summary>
public abstract class ScullPipeTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const int Size = 8;

    [Fact, Trait("Case", "C211"), Trait("Rule", "G-3")]
    public Task Read_TwoSleepersOneItem_OneGetsItTheOtherSleepsAgain() => Play(async s =>
    {
        (UserThread writer, int fd) = await Start(s);
        UserThread[] readers = [writer.Process.CreateThread(), writer.Process.CreateThread()];
        byte[][] buffers = [new byte[1], new byte[1]];
        Task<SysResult>[] reading = [.. readers.Select((reader, i) => reader.ReadAsync(fd, buffers[i]).AsTask())];
        foreach (UserThread reader in readers)
            await s.UntilAsleep(reader);
        await writer.WriteAsync(fd, new byte[] { 7 }).OrThrow();
        int winner = Array.IndexOf(reading, await Task.WhenAny(reading));
        Assert.Equal(1, await reading[winner]);
        Assert.Equal(7, buffers[winner][0]);
        // Both were woken; the other has found nothing and sleeps again.
        await s.Until(e => e.Kind == MachineEventKind.CallAsleep && s.Of(MachineEventKind.CallAsleep).Count() == 3);
        Assert.Equal(2, s.Of(MachineEventKind.CallWoken).Count());
        Assert.False(reading[1 - winner].IsCompleted);
        await writer.WriteAsync(fd, new byte[] { 8 }).OrThrow();
        Assert.Equal(1, await reading[1 - winner]);
        Assert.Equal(8, buffers[1 - winner][0]);
    });

    [Fact, Trait("Case", "C219"), Trait("Rule", "G-3")]
    public Task NonBlocking_DataRoomOrNeither_WhatThereIsOrEagain() => Play(async s =>
    {
        (UserThread t, _) = await Start(s);
        int fd = await t.OpenAsync("/dev/scullpipe", OpenFlags.ReadWrite | OpenFlags.NonBlock).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[4])).Errno);
        Assert.Equal(5, await t.WriteAsync(fd, new byte[5]));
        Assert.Equal(3, await t.WriteAsync(fd, new byte[5]));
        Assert.Equal(Errno.EAGAIN, (await t.WriteAsync(fd, new byte[5])).Errno);
        Assert.Equal(4, await t.ReadAsync(fd, new byte[4]));
        Assert.Equal(4, await t.ReadAsync(fd, new byte[9]));
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[9])).Errno);
        Assert.Empty(s.Of(MachineEventKind.CallAsleep));
    });

    [Fact, Trait("Rule", "G-3")]
    public Task Write_FullThenSignalOrReader_EintrOrTheRest() => Play(async s =>
    {
        (UserThread t, int fd) = await Start(s);
        UserThread writer = t.Process.CreateThread();
        await writer.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { })).OrThrow();
        Assert.Equal(Size, await t.WriteAsync(fd, new byte[Size]));
        ValueTask<SysResult> writing = writer.WriteAsync(fd, new byte[5]);
        await s.UntilAsleep(writer);
        await t.TkillAsync(writer.Tid, Signal.SIGUSR1).OrThrow();
        Assert.Equal(Errno.EINTR, (await writing).Errno);
        UserThread other = t.Process.CreateThread();
        writing = other.WriteAsync(fd, new byte[5]);
        await s.UntilAsleep(other);
        Assert.Equal(3, await t.ReadAsync(fd, new byte[3]));
        Assert.Equal(3, await writing);
    });

    private static async Task<(UserThread Thread, int Fd)> Start(Scenario s)
    {
        s.Machine.AddDevice("/dev/scullpipe", () => new ScullPipeDevice(Size));
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await t.OpenAsync("/dev/scullpipe").OrThrow());
    }
}

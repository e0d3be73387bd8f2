using System.Runtime.InteropServices;
using EvlActors;
using EvlActors.Behaviour;

namespace SenseHat.Tests;

/// <summary>The joystick: its events, its sleepers, pollers and those who are told by a signal.</summary>
public abstract class JoystickTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly byte s_up = JoystickDevice.BitOf(JoystickKey.Up);
    private static readonly byte s_left = JoystickDevice.BitOf(JoystickKey.Left);

    [Fact]
    public Task Read_Nothing_EagainAndShortBuffersEinval() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, OpenFlags.NonBlock);
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[24])).Errno);
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(fd, new byte[23])).Errno);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, Array.Empty<byte>()));
        await t.WriteAsync(keys, new[] { s_up }).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(["Up+"], await Read(t, fd, 24));
        Assert.Equal(Errno.EINVAL, (await t.WriteAsync(fd, new byte[24])).Errno);
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(keys, new byte[24])).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(fd, 0)).Errno);
    });

    [Fact]
    public Task Read_SeveralEvents_WholeOnesThatFit() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, OpenFlags.NonBlock);
        Assert.Equal(3, (await t.WriteAsync(keys, new byte[] { s_up, (byte)(s_up | s_left), 0 })).Value);
        Assert.Equal(["Up+", "Left+"], await Read(t, fd, 71));
        Assert.Equal(["Up-", "Left-"], await Read(t, fd, 1000));
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[24])).Errno);
        // The register's value counts, not that it was written.
        await t.WriteAsync(keys, new byte[] { 0, 0 }).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[24])).Errno);
    });

    [Fact]
    public Task Read_Asleep_WokenByAnEvent() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, default);
        UserThread reader = t.Process.CreateThread();
        byte[] bytes = new byte[240];
        long before = s.Machine.Engine.MonotonicNs / 1000;
        ValueTask<SysResult> reading = reader.ReadAsync(fd, bytes);
        await s.UntilAsleep(reader);
        await t.WriteAsync(keys, new[] { s_left }).OrThrow();
        Assert.Equal(24, (await reading).Value);
        JoystickEvent happened = MemoryMarshal.Read<JoystickEvent>(bytes);
        Assert.Equal((JoystickKey.Left, true), (happened.Key, happened.IsPressed));
        Assert.InRange(happened.TimeUs, before, s.Machine.Engine.MonotonicNs / 1000);
    });

    [Fact]
    public Task Read_TwoSleepersOfAFile_EachEventGoesToOne() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, default);
        UserThread[] readers = [t.Process.CreateThread(), t.Process.CreateThread()];
        Task<SysResult>[] reads = [.. readers.Select(reader => reader.ReadAsync(fd, new byte[24]).AsTask())];
        foreach (UserThread reader in readers)
            await s.UntilAsleep(reader);
        await t.WriteAsync(keys, new[] { s_left }).OrThrow();
        Assert.Equal(24, (await await Task.WhenAny(reads)).Value);
        Assert.Equal(1, reads.Count(read => !read.IsCompleted));
        await t.WriteAsync(keys, new byte[] { 0 }).OrThrow();
        Assert.Equal([24, 24], (await Task.WhenAll(reads)).Select(read => read.Value));
    });

    [Fact]
    public Task Read_SlowMemory_NoEventIsReadTwice() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, OpenFlags.NonBlock);
        UserThread reader = t.Process.CreateThread();
        await t.WriteAsync(keys, new byte[] { s_left, 0 }).OrThrow();
        var page = new TaskCompletionSource();
        byte[] slow = new byte[24];
        ValueTask<SysResult> reading = reader.ReadAsync(fd, UserBuffer.StallingUntil(slow, page.Task));
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == reader.Tid && e.Detail == nameof(FileOperation.Read));
        List<string> others = [.. await Read(t, fd, 24)];
        page.SetResult();
        Assert.Equal(24, (await reading).Value);
        Assert.Equal(["Left+", "Left-"], others.Append(Shown(MemoryMarshal.Read<JoystickEvent>(slow))).Order());
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[24])).Errno);
    });

    [Fact]
    public Task Read_BadMemory_EfaultOrWhatWasThere() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, OpenFlags.NonBlock);
        await t.WriteAsync(keys, new byte[] { s_left, 0, s_left }).OrThrow();
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, UserBuffer.Bad(24))).Errno);
        Assert.Equal(24, (await t.ReadAsync(fd, UserBuffer.FaultingAt(new byte[48], 30))).Value);
        Assert.Equal(Errno.EAGAIN, (await t.ReadAsync(fd, new byte[24])).Errno);
    });

    [Fact]
    public Task Keys_BadRegisterOrMemory_RefusedBehindTheGoodOnes() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, OpenFlags.NonBlock);
        Assert.Equal(Errno.EINVAL, (await t.WriteAsync(keys, new byte[] { 0x20 })).Errno);
        Assert.Equal(1, (await t.WriteAsync(keys, new byte[] { s_up, 0xff })).Value);
        Assert.Equal(Errno.EFAULT, (await t.WriteAsync(keys, UserBuffer.Bad(1))).Errno);
        Assert.Equal(1, (await t.WriteAsync(keys, UserBuffer.FaultingAt(new byte[2], 1))).Value);
        Assert.Equal(["Up+", "Up-"], await Read(t, fd, 240));
    });

    [Fact]
    public Task Files_Several_EachHearsOfAll() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, OpenFlags.NonBlock);
        await t.WriteAsync(keys, new[] { s_up }).OrThrow();
        int later = await t.OpenAsync(SenseHatModule.Joystick, OpenFlags.ReadOnly | OpenFlags.NonBlock).OrThrow();
        await t.WriteAsync(keys, new byte[] { 0 }).OrThrow();
        Assert.Equal(["Up-"], await Read(t, later, 240));
        await t.CloseAsync(later).OrThrow();
        await t.WriteAsync(keys, new[] { s_up }).OrThrow();
        Assert.Equal(["Up+", "Up-", "Up+"], await Read(t, fd, 240));
    });

    [Fact]
    public Task Reader_TooSlow_LosesWhatWasKeptAndIsTold() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, OpenFlags.NonBlock);
        byte[] registers = [.. Enumerable.Range(0, JoystickClient.Capacity).Select(i => i % 2 == 0 ? s_up : (byte)0)];
        await t.WriteAsync(keys, registers).OrThrow();
        Assert.Equal(JoystickClient.Capacity, (await Read(t, fd, 9999)).Count);
        await t.WriteAsync(keys, registers).OrThrow();
        await t.WriteAsync(keys, new[] { s_left }).OrThrow();
        Assert.Equal(["dropped", "Left+"], await Read(t, fd, 9999));
        await t.WriteAsync(keys, new byte[] { 0 }).OrThrow();
        Assert.Equal(["Left-"], await Read(t, fd, 9999));
    });

    [Fact]
    public Task Read_Unblocked_Eintr() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, default);
        UserThread reader = t.Process.CreateThread();
        using var cancellation = new CancellationTokenSource();
        ValueTask<SysResult> reading = reader.ReadAsync(fd, new byte[24], cancellation.Token);
        await s.UntilAsleep(reader);
        cancellation.Cancel();
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        await t.WriteAsync(keys, new[] { s_up }).OrThrow();
        Assert.Equal(["Up+"], await Read(t, fd, 24));
    });

    [Fact]
    public Task Poll_EmptyThenPressed_ReadyUntilRead() => Play(async s =>
    {
        (UserThread t, int fd, int keys) = await Open(s, default);
        UserThread poller = t.Process.CreateThread();
        PollFd[] fds = [new(fd, PollEvents.In | PollEvents.Out)];
        Assert.Equal(0, (await poller.PollAsync(fds, 0)).Value);
        ValueTask<SysResult> polling = poller.PollAsync(fds, -1);
        await s.UntilAsleep(poller);
        await t.WriteAsync(keys, new[] { s_up }).OrThrow();
        Assert.Equal(1, (await polling).Value);
        Assert.Equal(PollEvents.In, fds[0].Revents);
        Assert.Equal(["Up+"], await Read(t, fd, 24));
        Assert.Equal(0, (await poller.PollAsync(fds, 0)).Value);
    });

    [Fact]
    public Task Fasync_Armed_SigioForEachChangeUntilTheClose() => Play(async s =>
    {
        (UserThread t, int _, int keys) = await Open(s, default);
        UserThread reader = s.Machine.CreateProcess().CreateThread();
        int signals = 0;
        await reader.SigactionAsync(Signal.SIGIO, SigAction.Handle(_ => signals++)).OrThrow();
        int fd = await reader.OpenAsync(SenseHatModule.Joystick, OpenFlags.ReadOnly).OrThrow();
        await reader.FcntlAsync(fd, FcntlCommand.SetOwn, reader.Process.Pid).OrThrow();
        await t.WriteAsync(keys, new[] { s_up }).OrThrow();
        await reader.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.Async).OrThrow();
        ValueTask<SysResult> pausing = reader.PauseAsync();
        await s.UntilAsleep(reader); // a signal that comes before is handled before, and pause waits for another one
        await t.WriteAsync(keys, new byte[] { 0 }).OrThrow();
        Assert.Equal(Errno.EINTR, (await pausing).Errno);
        Assert.Equal(1, signals);
        Assert.Equal(["Up+", "Up-"], await Read(reader, fd, 240));
        await reader.CloseAsync(fd).OrThrow();
        await t.WriteAsync(keys, new[] { s_up }).OrThrow();
        Assert.Equal(reader.Process.Pid, (await reader.GetpidAsync()).Value);
        Assert.Equal(1, signals);
    });

    private static async Task<(UserThread Thread, int Fd, int Keys)> Open(Scenario s, OpenFlags flags)
    {
        SenseHatModule.Add(s.Machine, new RecordedPanel());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await t.OpenAsync(SenseHatModule.Joystick, OpenFlags.ReadWrite | flags).OrThrow(), await t.OpenAsync(SenseHatModule.Keys).OrThrow());
    }

    private static async Task<List<string>> Read(UserThread t, int fd, int bytes)
    {
        byte[] buffer = new byte[bytes];
        int read = await t.ReadAsync(fd, buffer).OrThrow();
        return [.. MemoryMarshal.Cast<byte, JoystickEvent>(buffer.AsSpan(0, read)).ToArray().Select(Shown)];
    }

    private static string Shown(JoystickEvent happened) =>
        happened.IsDropped ? "dropped" : $"{happened.Key}{(happened.IsPressed ? '+' : '-')}";
}

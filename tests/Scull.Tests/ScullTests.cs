using EvlActors;
using EvlActors.Behaviour;

namespace Scull.Tests;

/// <summary>The four plain devices: quantum sets, positions, truncation.</summary>
public abstract class ScullTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly string s_path = ScullModule.Disks[0];

    [Fact]
    public Task ReadWrite_AcrossQuanta_OneQuantumEach() => Play(async s =>
    {
        UserThread t = Start(s);
        int fd = await t.OpenAsync(s_path).OrThrow();
        byte[] written = [.. Enumerable.Range(0, 10_000).Select(i => (byte)(i % 251))];
        int[] counts = [4000, 4000, 2000];
        for (int at = 0, i = 0; at < written.Length; at += counts[i++])
            Assert.Equal(counts[i], (await t.WriteAsync(fd, written.AsMemory(at))).Value);
        Assert.Equal(3990, (await t.LseekAsync(fd, 3990)).Value);
        byte[] read = new byte[100];
        Assert.Equal(10, (await t.ReadAsync(fd, read)).Value);
        Assert.Equal(100, (await t.ReadAsync(fd, read)).Value);
        Assert.Equal(written[4000..4100], read);
        Assert.Equal(0, (await t.PreadAsync(fd, read, 10_000)).Value);
        Assert.Equal(4100, (await t.LseekAsync(fd, 0, Whence.Current)).Value);
    });

    [Fact]
    public Task Read_Hole_Nothing() => Play(async s =>
    {
        UserThread t = Start(s);
        int fd = await t.OpenAsync(s_path).OrThrow();
        // Beyond the first set: 4000 * 1000 bytes.
        Assert.Equal(3, (await t.PwriteAsync(fd, new byte[3], 8_000_000)).Value);
        Assert.Equal(8_000_003, (await t.LseekAsync(fd, 0, Whence.End)).Value);
        Assert.Equal(0, (await t.PreadAsync(fd, new byte[8], 5000)).Value);
        Assert.Equal(2, (await t.PreadAsync(fd, new byte[8], 8_000_001)).Value);
    });

    [Fact, Trait("Case", "C257")]
    public Task Llseek_ErrorsAndEnds_PositionUnchangedAfterAnError() => Play(async s =>
    {
        UserThread t = Start(s);
        int fd = await t.OpenAsync(s_path).OrThrow();
        await t.WriteAsync(fd, new byte[100]).OrThrow();
        Assert.Equal(100, (await t.LseekAsync(fd, 0, Whence.End)).Value);
        Assert.Equal(40, (await t.LseekAsync(fd, 40)).Value);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, -1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, -41, Whence.Current)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, -101, Whence.End)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, 0, (Whence)3)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, 0, (Whence)4)).Errno);
        Assert.Equal(40, (await t.LseekAsync(fd, 0, Whence.Current)).Value);
        Assert.Equal(60, (await t.ReadAsync(fd, new byte[200])).Value);
    });

    [Fact]
    public Task Open_WriteOnly_TruncatesThatDeviceAlone() => Play(async s =>
    {
        UserThread t = Start(s);
        int[] fds = new int[ScullModule.Disks.Length];
        for (int i = 0; i < fds.Length; i++)
        {
            fds[i] = await t.OpenAsync(ScullModule.Disks[i]).OrThrow();
            Assert.Equal(i + 1, (await t.WriteAsync(fds[i], new byte[i + 1])).Value);
        }
        await t.OpenAsync(ScullModule.Disks[2], OpenFlags.ReadOnly).OrThrow();
        Assert.Equal(3, (await t.LseekAsync(fds[2], 0, Whence.End)).Value);
        await t.OpenAsync(ScullModule.Disks[2], OpenFlags.WriteOnly).OrThrow();
        Assert.Equal(0, (await t.LseekAsync(fds[2], 0, Whence.End)).Value);
        Assert.Equal(4, (await t.LseekAsync(fds[3], 0, Whence.End)).Value);
    });

    [Fact]
    public Task ReadWrite_BadMemory_EfaultAndNothingMoved() => Play(async s =>
    {
        UserThread t = Start(s);
        int fd = await t.OpenAsync(s_path).OrThrow();
        Assert.Equal(Errno.EFAULT, (await t.WriteAsync(fd, UserBuffer.Bad(10))).Errno);
        Assert.Equal(0, (await t.LseekAsync(fd, 0, Whence.End)).Value);
        await t.WriteAsync(fd, new byte[10]).OrThrow();
        await t.LseekAsync(fd, 0).OrThrow();
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, UserBuffer.Bad(10))).Errno);
        Assert.Equal(0, (await t.LseekAsync(fd, 0, Whence.Current)).Value);
    });

    [Fact]
    public Task Remove_FileOpen_GoesOnUntilItsClose() => Play(async s =>
    {
        var module = new ScullModule(s.Machine);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync(ScullModule.Disks[3]).OrThrow();
        module.Remove();
        Assert.Equal(4, (await t.WriteAsync(fd, new byte[4])).Value);
        Assert.Equal(Errno.ENXIO, (await t.OpenAsync(ScullModule.Disks[3])).Errno);
        await t.CloseAsync(fd).OrThrow();
        await s.Until(e => e.Kind == MachineEventKind.DeviceEnded && e.Detail == s_path);
    });

    private static UserThread Start(Scenario s)
    {
        _ = new ScullModule(s.Machine);
        return s.Machine.CreateProcess().CreateThread();
    }
}

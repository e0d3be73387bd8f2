using EvlActors;
using EvlActors.Behaviour;

namespace SenseHat.Tests;

/// <summary>The matrix as a file and as memory.</summary>
public abstract class MatrixTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly Led s_red = new(31, 0, 0);
    private static readonly Led s_blue = new(0, 0, 31);
    private static readonly byte[] s_redBytes = [0x00, 0xf8];
    private static readonly byte[] s_blueBytes = [0x1f, 0x00];

    [Fact]
    public Task Write_ToTheEnd_ShortThenEnospc() => Play(async s =>
    {
        (UserThread t, int fd, _) = await Open(s);
        Assert.Equal(100, (await t.WriteAsync(fd, new byte[100])).Value);
        Assert.Equal(28, (await t.WriteAsync(fd, new byte[100])).Value);
        Assert.Equal(Errno.ENOSPC, (await t.WriteAsync(fd, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.WriteAsync(fd, Array.Empty<byte>()));
        Assert.Equal(1, (await t.PwriteAsync(fd, new byte[2], 127)).Value);
        Assert.Equal(Errno.ENOSPC, (await t.PwriteAsync(fd, new byte[2], 128)).Errno);
        Assert.Equal(Errno.ENOSPC, (await t.PwriteAsync(fd, new byte[2], long.MaxValue - 2)).Errno);
        Assert.Equal(SysResult.Ok(), await t.ReadAsync(fd, new byte[9]));
        Assert.Equal(8, (await t.PreadAsync(fd, new byte[9], 120)).Value);
        Assert.Equal(SysResult.Ok(), await t.PreadAsync(fd, new byte[9], 5000));
    });

    [Fact]
    public Task Lseek_WithinTheMatrix_WritesGoThere() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        Assert.Equal(126, (await t.LseekAsync(fd, -2, Whence.End)).Value);
        Assert.Equal(2, (await t.WriteAsync(fd, s_redBytes)).Value);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, 129)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, -129, Whence.Current)).Errno);
        Assert.Equal(128, (await t.LseekAsync(fd, 0, Whence.Current)).Value);
        Assert.Equal(2, (await t.PwriteAsync(fd, s_blueBytes, 4)).Value);
        Assert.Equal(2, (await t.LseekAsync(fd, 2)).Value);
        byte[] read = new byte[4];
        Assert.Equal(4, (await t.ReadAsync(fd, read)).Value);
        Assert.Equal([0, 0, 0x1f, 0], read);
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal([(2, s_blue), (63, s_red)], Lit(panel));
    });

    [Fact]
    public Task Transfer_BadMemory_EfaultOrWhatWasThere() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        Assert.Equal(Errno.EFAULT, (await t.WriteAsync(fd, UserBuffer.Bad(4))).Errno);
        Assert.Equal(2, (await t.WriteAsync(fd, UserBuffer.FaultingAt(s_redBytes.Concat(s_redBytes).ToArray(), 2))).Value);
        Assert.Equal(2, (await t.LseekAsync(fd, 0, Whence.Current)).Value);
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal([(0, s_red)], Lit(panel));
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, UserBuffer.Bad(4))).Errno);
        Assert.Equal(3, (await t.ReadAsync(fd, UserBuffer.FaultingAt(new byte[9], 3))).Value);
        Assert.Equal(5, (await t.LseekAsync(fd, 0, Whence.Current)).Value);
    });

    [Fact]
    public Task Write_WithoutFsync_DrawnByTheRefresh() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        await Until(t, () => panel.Times > 0);
        Assert.Equal([(0, s_red)], Lit(panel));
        await t.PwriteAsync(fd, s_redBytes, 2).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        await Until(t, () => panel.Times > 1);
        Assert.Equal([(0, s_red), (1, s_red)], Lit(panel));
    });

    [Fact]
    public Task Fsync_Unchanged_NotDrawnAgain() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal(0, panel.Times);
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        await t.FsyncAsync(fd).OrThrow();
        await t.PwriteAsync(fd, s_redBytes, 0).OrThrow();
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal(1, panel.Times);
    });

    [Fact]
    public Task Mmap_WrittenAfterTheClose_DrawnUntilUnmapped() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        EvlMapping mapping = (await t.MmapAsync(fd, Picture.Bytes)).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        s_redBytes.CopyTo(mapping.Memory);
        await Until(t, () => Lit(panel) is [(0, _)]);
        s_blueBytes.CopyTo(mapping.Memory);
        await Until(t, () => Lit(panel) is [(0, var led)] && led == s_blue);
        Assert.Equal(Picture.Bytes, mapping.Memory.Length);
        await t.MunmapAsync(mapping.Address, mapping.Length).OrThrow();
    });

    [Fact]
    public Task Mmap_BothWays_SeesWhatIsWritten() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        EvlMapping mapping = (await t.MmapAsync(fd, EvlMapping.PageBytes)).OrThrow();
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        Assert.Equal(s_redBytes, mapping.Memory[..2].ToArray());
        s_blueBytes.CopyTo(mapping.Memory[2..]);
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal([(0, s_red), (1, s_blue)], Lit(panel));
        byte[] read = new byte[2];
        await t.ReadAsync(fd, read).OrThrow();
        Assert.Equal(s_blueBytes, read);
    });

    [Fact]
    public Task Mmap_BeyondThePageOrWithoutTheRight_Refused() => Play(async s =>
    {
        (UserThread t, int fd, _) = await Open(s);
        Assert.Equal(Errno.EINVAL, (await t.MmapAsync(fd, EvlMapping.PageBytes + 1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.MmapAsync(fd, 1, offset: EvlMapping.PageBytes)).Errno);
        int reader = await t.OpenAsync(SenseHatModule.Matrix, OpenFlags.ReadOnly).OrThrow();
        Assert.Equal(Errno.EACCES, (await t.MmapAsync(reader, Picture.Bytes)).Errno);
        int terminal = await t.OpenAsync(SenseHatModule.Terminal).OrThrow();
        Assert.Equal(Errno.ENODEV, (await t.MmapAsync(terminal, Picture.Bytes)).Errno);
    });

    [Fact]
    public Task Ioctl_RotationAndClear_PictureFollows() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        foreach ((int degrees, int led) in new[] { (90, 7), (180, 63), (270, 56), (0, 0) })
        {
            Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, MatrixIoctl.SetRotation, BitConverter.GetBytes(degrees)));
            await t.FsyncAsync(fd).OrThrow();
            Assert.Equal([(led, s_red)], Lit(panel));
            byte[] rotation = new byte[4];
            Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, MatrixIoctl.GetRotation, rotation));
            Assert.Equal(degrees, BitConverter.ToInt32(rotation));
        }
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, MatrixIoctl.Clear));
        await t.FsyncAsync(fd).OrThrow();
        Assert.Empty(Lit(panel));
    });

    [Fact]
    public Task Ioctl_Gamma_LevelsFollow() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        byte[] gamma = new byte[GammaTable.Size];
        gamma[31] = 5;
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, MatrixIoctl.SetGamma, gamma));
        byte[] read = new byte[GammaTable.Size];
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, MatrixIoctl.GetGamma, read));
        Assert.Equal(gamma, read);
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal([(0, new Led(5, 0, 0))], Lit(panel));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, MatrixIoctl.ResetGamma, 1));
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal([(0, new Led(10, 0, 0))], Lit(panel));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, MatrixIoctl.ResetGamma, 0));
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal([(0, s_red)], Lit(panel));
    });

    [Fact]
    public Task Ioctl_BadValuesPointersAndCommands_RefusedAndNothingChanged() => Play(async s =>
    {
        (UserThread t, int fd, RecordedPanel panel) = await Open(s);
        await t.WriteAsync(fd, s_redBytes).OrThrow();
        byte[] gamma = new byte[GammaTable.Size];
        gamma[3] = 32;
        foreach (int degrees in new[] { 45, -90, 360, 1 })
            Assert.Equal(Errno.EINVAL, (await t.IoctlAsync(fd, MatrixIoctl.SetRotation, BitConverter.GetBytes(degrees))).Errno);
        Assert.Equal(Errno.EINVAL, (await t.IoctlAsync(fd, MatrixIoctl.SetGamma, gamma)).Errno);
        foreach (long which in new[] { -1, 2 })
            Assert.Equal(Errno.EINVAL, (await t.IoctlAsync(fd, MatrixIoctl.ResetGamma, which)).Errno);
        foreach (uint command in new uint[] { MatrixIoctl.SetRotation, MatrixIoctl.GetRotation, MatrixIoctl.SetGamma, MatrixIoctl.GetGamma })
        {
            Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, command, UserBuffer.Null)).Errno);
            Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, command, UserBuffer.FaultingAt(new byte[GammaTable.Size], 3))).Errno);
            Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, command, UserBuffer.OutsideUserSpace(new byte[GammaTable.Size]))).Errno);
        }
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, MatrixIoctl.Clear + 1)).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, IoctlCommand.Iow<long>('\xf1', 4), new byte[8])).Errno);
        await t.FsyncAsync(fd).OrThrow();
        Assert.Equal([(0, s_red)], Lit(panel));
    });

    [Fact]
    public Task Terminal_TwoWriters_SequencesOfTheirOwn() => Play(async s =>
    {
        (UserThread t, int matrix, RecordedPanel panel) = await Open(s);
        int first = await t.OpenAsync(SenseHatModule.Terminal, OpenFlags.WriteOnly).OrThrow();
        int second = await t.OpenAsync(SenseHatModule.Terminal, OpenFlags.WriteOnly).OrThrow();
        Assert.Equal(4, (await t.WriteAsync(first, "\e[31"u8.ToArray())).Value);
        Assert.Equal(7, (await t.WriteAsync(second, "\e[34m #"u8.ToArray())).Value);
        Assert.Equal(2, (await t.WriteAsync(first, "m#"u8.ToArray())).Value);
        await t.FsyncAsync(second).OrThrow();
        Assert.Equal([(0, s_red), (1, s_blue)], Lit(panel));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(first, MatrixIoctl.Clear));
        await t.FsyncAsync(matrix).OrThrow();
        Assert.Empty(Lit(panel));
    });

    [Fact]
    public Task Terminal_WrongOperationsAndMemory_Refused() => Play(async s =>
    {
        (UserThread t, int matrix, RecordedPanel panel) = await Open(s);
        int fd = await t.OpenAsync(SenseHatModule.Terminal).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.ReadAsync(fd, new byte[4])).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(fd, 0)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.WriteAsync(fd, UserBuffer.Bad(4))).Errno);
        byte[] text = new byte[300];
        Array.Fill(text, (byte)' ');
        text[200] = (byte)'#';
        Assert.Equal(202, (await t.WriteAsync(fd, UserBuffer.FaultingAt(text, 202))).Value);
        await t.FsyncAsync(matrix).OrThrow();
        Assert.Equal([(200 % Picture.Pixels, new Led(31, 31, 31))], Lit(panel));
    });

    private static async Task<(UserThread Thread, int Fd, RecordedPanel Panel)> Open(Scenario s)
    {
        var panel = new RecordedPanel();
        SenseHatModule.Add(s.Machine, panel);
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await t.OpenAsync(SenseHatModule.Matrix).OrThrow(), panel);
    }

    private static (int Index, Led Led)[] Lit(RecordedPanel panel) =>
        [.. panel.Lit.Index().Where(led => led.Item != default).Select(led => (led.Index, led.Item))];

    // On the machine's clock: a refresh that does not come ends the test by its limit.
    private static async Task Until(UserThread t, Func<bool> condition)
    {
        while (!condition())
            await t.PollAsync(Array.Empty<PollFd>(), 5).OrThrow();
    }
}

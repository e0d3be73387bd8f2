using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Tables of ioctl commands, and the access to user memory that they need.</summary>
public abstract class IoctlTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const string Path = "/dev/ioctl";

    [Fact, Trait("Rule", "H-3")]
    public Task UserAccess_AtTheEndOfTheMemory_AllOrNothing() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        device.InBand[1] = async call => await call.PutUser(-1, call.Argument) is { IsError: true } put ? put : 0;
        var offset = 0L;
        device.InBand[2] = async call => await call.PutUser(-1, offset);
        device.InBand[3] = async call => await call.GetUser<int>(offset) is { } value ? value : Errno.EFAULT;
        device.InBand[4] = call => call.RawPutUser(-1, offset);
        device.InBand[5] = call => call.RawGetUser<int>(offset) is { } value ? SysResult.Ok(value) : SysResult.Error(Errno.EFAULT);
        device.InBand[6] = async call => await call.CopyToUser(new byte[] { 9, 9, 9, 9 }, offset);
        byte[] memory = [1, 2, 3, 4, 5, 6];
        foreach (long bad in (long[])[3, 6, 7, -1, -4, long.MaxValue, long.MinValue])
        {
            offset = bad;
            for (uint command = 2; command <= 5; command++)
                Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, command, memory)).Errno);
        }
        Assert.Equal([1, 2, 3, 4, 5, 6], memory);
        offset = 4;
        Assert.Equal(2, (await t.IoctlAsync(fd, 6, memory)).Value);
        Assert.Equal([1, 2, 3, 4, 9, 9], memory);
        offset = 2;
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 2, memory));
        Assert.Equal([1, 2, 255, 255, 255, 255], memory);
        // A value is no memory.
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, 1, 0)).Errno);
        Assert.Empty(s.Of(MachineEventKind.DeviceFailed));
    });

    [Fact]
    public Task Table_EachKindOfCommand_ItsDirection() => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        byte[] value = Int(5);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Set, value));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Get, value));
        Assert.Equal(5, BitConverter.ToInt32(value));
        Assert.Equal(SysResult.Ok(7), await t.IoctlAsync(fd, IoctlDevice.Swap, value = Int(8)));
        Assert.Equal(5, BitConverter.ToInt32(value));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Tell, 0x90));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Get, value));
        Assert.Equal(9, BitConverter.ToInt32(value));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Zero));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Get, value));
        Assert.Equal(0, BitConverter.ToInt32(value));
    });

    [Fact]
    public Task Table_ExchangeRefused_NothingStored() => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        byte[] value = Int(5);
        Assert.Equal(Errno.EINVAL, (await t.IoctlAsync(fd, IoctlDevice.Refuse, value)).Errno);
        Assert.Equal(5, BitConverter.ToInt32(value));
    });

    [Fact]
    public Task Table_OrderOfTests_EnottyEfaultEpermThenItemFault() => Play(async s =>
    {
        s.Machine.AddDevice(Path, () => new IoctlDevice());
        UserThread t = s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(1, 1) }).CreateThread();
        int fd = await t.OpenAsync(Path).OrThrow();
        UserBuffer outside = UserBuffer.OutsideUserSpace(Int(1));
        var otherSize = IoctlCommand.Iow<long>('t', 6);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, otherSize, outside)).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, IoctlCommand.Iow<int>('x', 6), outside)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, IoctlDevice.Admin, outside)).Errno);
        Assert.Equal(Errno.EPERM, (await t.IoctlAsync(fd, IoctlDevice.Admin, UserBuffer.Bad())).Errno);
        UserThread root = s.Machine.CreateProcess().CreateThread();
        int theirs = await root.OpenAsync(Path).OrThrow();
        Assert.Equal(Errno.EFAULT, (await root.IoctlAsync(theirs, IoctlDevice.Admin, UserBuffer.Bad())).Errno);
        Assert.Equal(SysResult.Ok(), await root.IoctlAsync(theirs, IoctlDevice.Admin, Int(3)));
    });

    [Fact, Trait("Case", "C231")]
    public Task Ioctl_BadDescriptorPointerOrCommand_EbadfEfaultEnotty() => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        Assert.Equal(Errno.EBADF, (await t.IoctlAsync(99, IoctlDevice.Get, Int(0))).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, IoctlDevice.Get, UserBuffer.Bad(4))).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, IoctlDevice.Get, UserBuffer.Null)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, IoctlDevice.Get, 1234)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, IoctlDevice.Set, new byte[3])).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, IoctlDevice.Swap, UserBuffer.FaultingAt(new byte[4], 2))).Errno);
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(fd, 0x5401, Int(0))).Errno);
        s.Machine.AddFile("/etc/motd", "hello");
        int file = await t.OpenAsync("/etc/motd").OrThrow();
        Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(file, 0x5401, Int(0))).Errno);
    });

    [Fact, Trait("Case", "C230")]
    public Task Ioctl_UnknownCommandOnAnElement_EnottyOnBothStages() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 50);
        int thread = await t.AttachAsync("self").OrThrow();
        int xbuf = await t.CreateXbufAsync("x", 64, 64).OrThrow();
        int set = await t.NewPollAsync().OrThrow();
        foreach (int element in new[] { thread, xbuf, set })
        {
            Assert.Equal(Errno.ENOTTY, (await t.IoctlAsync(element, IoctlDevice.Get, Int(0))).Errno);
            Assert.Equal(Errno.ENOTTY, (await t.OobIoctlAsync(element, IoctlDevice.Get, Int(0))).Errno);
        }
    });

    [Fact]
    public Task OobIoctl_SameTable_RawAccess() => Play(async s =>
    {
        s.Machine.AddDevice(Path, () => new IoctlDevice());
        UserThread t = await s.OobThread(s.Machine.CreateProcess());
        int fd = await t.OpenAsync(Path).OrThrow();
        byte[] value = Int(5);
        Assert.Equal(SysResult.Ok(), await t.OobIoctlAsync(fd, IoctlDevice.Set, value));
        Assert.Equal(SysResult.Ok(7), await t.OobIoctlAsync(fd, IoctlDevice.Swap, value = Int(6)));
        Assert.Equal(5, BitConverter.ToInt32(value));
        Assert.Equal(Errno.ENOTTY, (await t.OobIoctlAsync(fd, IoctlDevice.Wake)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.OobIoctlAsync(fd, IoctlDevice.Get, UserBuffer.OutsideUserSpace(value))).Errno);
        var never = new TaskCompletionSource();
        Assert.Equal(Errno.EFAULT, (await t.OobIoctlAsync(fd, IoctlDevice.Get, UserBuffer.StallingUntil(value, never.Task))).Errno);
    });

    [Fact]
    public Task Ioctl_SecondTable_AskedAfterTheFirst() => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        UserThread u = t.Process.CreateThread();
        byte[] woken = new byte[8];
        ValueTask<SysResult> sleeping = t.IoctlAsync(fd, IoctlDevice.Sleep, woken);
        await s.UntilAsleep(t);
        await u.IoctlAsync(fd, IoctlDevice.Set, Int(11)).OrThrow();
        Assert.Equal(SysResult.Ok(), await u.IoctlAsync(fd, IoctlDevice.Wake));
        Assert.Equal(SysResult.Ok(), await sleeping);
        Assert.Equal(11, BitConverter.ToInt64(woken));
    });

    [Fact]
    public Task CompatIoctl_Forwarded_ArgumentIsZeroExtended() => Play(async s =>
    {
        s.Machine.AddDevice(Path, () => new IoctlDevice());
        UserThread t = s.Machine.CreateProcess(new EvlProcessOptions { Is32Bit = true }).CreateThread(SchedPolicy.Fifo, 50);
        await t.AttachAsync().OrThrow();
        int fd = await t.OpenAsync(Path).OrThrow();
        byte[] value = Int(0);
        foreach (long argument in new[] { -16, 0x1_ffff_fff0 })
        {
            Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Tell, argument));
            Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Get, value));
            Assert.Equal(0x0fff_ffff, BitConverter.ToInt32(value));
            Assert.Equal(SysResult.Ok(), await t.OobIoctlAsync(fd, IoctlDevice.Zero));
            Assert.Equal(SysResult.Ok(), await t.OobIoctlAsync(fd, IoctlDevice.Tell, argument));
            Assert.Equal(SysResult.Ok(), await t.OobIoctlAsync(fd, IoctlDevice.Get, value));
            Assert.Equal(0x0fff_ffff, BitConverter.ToInt32(value));
        }
    });

    [Fact]
    public Task UserAccess_OutsideUserSpace_UncheckedGoesThroughCheckedFaults() => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        UserBuffer kernel = UserBuffer.OutsideUserSpace(Int(4711));
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, IoctlDevice.Checked, kernel)).Errno);
        Assert.Equal(SysResult.Ok(4711), await t.IoctlAsync(fd, IoctlDevice.Unchecked, kernel));
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, IoctlDevice.Unchecked, UserBuffer.Null)).Errno);
        Assert.Equal(4, (await t.ReadAsync(fd, new byte[4])).Value);
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, kernel)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.WriteAsync(fd, kernel)).Errno);
        Assert.Equal(Errno.EFAULT, (await t.WritevAsync(fd, [new byte[1], kernel])).Errno);
        Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, VfsIoctl.Fionbio, kernel)).Errno);
    });

    [Fact]
    public Task UserAccess_SlowPage_WaitsAndOthersRun() => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        UserThread u = t.Process.CreateThread();
        var page = new TaskCompletionSource();
        byte[] value = Int(5);
        ValueTask<SysResult> swapping = t.IoctlAsync(fd, IoctlDevice.Swap, UserBuffer.StallingUntil(value, page.Task));
        Assert.Equal(SysResult.Ok(), await u.IoctlAsync(fd, IoctlDevice.Set, Int(3)));
        page.SetResult();
        Assert.Equal(SysResult.Ok(7), await swapping);
        Assert.Equal(3, BitConverter.ToInt32(value));
    });

    [Fact]
    public Task UserAccess_PageCanNotBeFetched_EfaultAndNothingChanged() => Play(async s =>
    {
        (UserThread t, int fd) = await Open(s);
        UserThread u = t.Process.CreateThread();
        await u.IoctlAsync(fd, IoctlDevice.Set, Int(3)).OrThrow();
        Task[] failed = [Task.FromException(new IOException("the disk is gone")), Task.FromCanceled(new CancellationToken(canceled: true))];
        // put_user, get_user, and both.
        foreach (uint command in new uint[] { IoctlDevice.Get, IoctlDevice.Set, IoctlDevice.Swap, IoctlDevice.Checked, IoctlDevice.Unchecked })
        {
            byte[] value = Int(5);
            foreach (Task page in failed)
                Assert.Equal(Errno.EFAULT, (await t.IoctlAsync(fd, command, UserBuffer.StallingUntil(value, page))).Errno);
            var fetched = new TaskCompletionSource();
            ValueTask<SysResult> waiting = t.IoctlAsync(fd, command, UserBuffer.StallingUntil(value, fetched.Task));
            // Whether the access waits by then is up to the seed: it is told either way.
            Assert.Equal(SysResult.Ok(), await u.IoctlAsync(fd, IoctlDevice.Set, Int(3)));
            fetched.SetException(new IOException("the disk is gone"));
            Assert.Equal(Errno.EFAULT, (await waiting).Errno);
            Assert.Equal(5, BitConverter.ToInt32(value));
            Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, IoctlDevice.Get, value));
            Assert.Equal(3, BitConverter.ToInt32(value));
        }
    });

    private static async Task<(UserThread Thread, int Fd)> Open(Scenario s)
    {
        s.Machine.AddDevice(Path, () => new IoctlDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        return (t, await t.OpenAsync(Path).OrThrow());
    }

    private static byte[] Int(int value) => BitConverter.GetBytes(value);
}

using EvlActors;
using EvlActors.Behaviour;

namespace Scull.Tests;

/// <summary>The commands of the scull devices.</summary>
public abstract class ScullIoctlTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C225")]
    public Task Ioctl_ForeignTypeOrNumberTooHigh_EnottyBeforeEverything() => Play(async s =>
    {
        UserThread user = UserOf(s, out _);
        int fd = await user.OpenAsync(ScullModule.Disks[0]).OrThrow();
        foreach (UserBuffer argument in new[] { UserBuffer.Bad(4), UserBuffer.OutsideUserSpace(new byte[4]), UserBuffer.Null })
        {
            Assert.Equal(Errno.ENOTTY, (await user.IoctlAsync(fd, IoctlCommand.Iow<int>('j', 1), argument)).Errno);
            Assert.Equal(Errno.ENOTTY, (await user.IoctlAsync(fd, IoctlCommand.Iow<int>('k', 15), argument)).Errno);
        }
        Assert.Equal(Errno.ENOTTY, (await user.IoctlAsync(fd, IoctlCommand.Iow<long>('k', 1), new byte[8])).Errno);
    });

    [Fact, Trait("Case", "C227")]
    public Task Ioctl_WithoutCapability_ReadsAndResetsOnly() => Play(async s =>
    {
        UserThread user = UserOf(s, out _);
        int fd = await user.OpenAsync(ScullModule.Disks[0]).OrThrow();
        byte[] value = BitConverter.GetBytes(77);
        Assert.Equal(SysResult.Ok(), await user.IoctlAsync(fd, ScullIoctl.Reset));
        Assert.Equal(SysResult.Ok(), await user.IoctlAsync(fd, ScullIoctl.GetQuantum, value));
        Assert.Equal(4000, BitConverter.ToInt32(value));
        Assert.Equal(SysResult.Ok(), await user.IoctlAsync(fd, ScullIoctl.GetQset, value));
        Assert.Equal(1000, BitConverter.ToInt32(value));
        Assert.Equal(4000, (await user.IoctlAsync(fd, ScullIoctl.QueryQuantum)).Value);
        Assert.Equal(1000, (await user.IoctlAsync(fd, ScullIoctl.QueryQset)).Value);
        Assert.Equal(4000, (await user.IoctlAsync(fd, ScullIoctl.QueryPipeSize)).Value);
        Assert.Equal(SysResult.Ok(), await user.IoctlAsync(fd, ScullIoctl.TellPipeSize, 100));
        foreach (IoctlCommand command in new[] { ScullIoctl.SetQuantum, ScullIoctl.SetQset, ScullIoctl.ExchangeQuantum, ScullIoctl.ExchangeQset })
        {
            Assert.Equal(Errno.EFAULT, (await user.IoctlAsync(fd, command, UserBuffer.OutsideUserSpace(value))).Errno);
            Assert.Equal(Errno.EPERM, (await user.IoctlAsync(fd, command, UserBuffer.Bad(4))).Errno);
            Assert.Equal(Errno.EPERM, (await user.IoctlAsync(fd, command, value)).Errno);
        }
        foreach (IoctlCommand command in new[] { ScullIoctl.TellQuantum, ScullIoctl.TellQset, ScullIoctl.ShiftQuantum, ScullIoctl.ShiftQset })
            Assert.Equal(Errno.EPERM, (await user.IoctlAsync(fd, command, 10)).Errno);
        Assert.Equal(4000, (await user.IoctlAsync(fd, ScullIoctl.QueryQuantum)).Value);
    });

    [Fact, Trait("Case", "C228")]
    public Task Ioctl_EachWayToPassAValue_ValueAndOldValue() => Play(async s =>
    {
        UserOf(s, out UserThread root);
        int fd = await root.OpenAsync(ScullModule.Disks[0]).OrThrow();
        byte[] value = BitConverter.GetBytes(10);
        Assert.Equal(SysResult.Ok(), await root.IoctlAsync(fd, ScullIoctl.SetQuantum, value));
        Assert.Equal(10, (await root.IoctlAsync(fd, ScullIoctl.QueryQuantum)).Value);
        Assert.Equal(SysResult.Ok(), await root.IoctlAsync(fd, ScullIoctl.TellQuantum, 20));
        value = BitConverter.GetBytes(30);
        Assert.Equal(SysResult.Ok(), await root.IoctlAsync(fd, ScullIoctl.ExchangeQuantum, value));
        Assert.Equal(20, BitConverter.ToInt32(value));
        Assert.Equal(30, (await root.IoctlAsync(fd, ScullIoctl.ShiftQuantum, 40)).Value);
        Assert.Equal(40, (await root.IoctlAsync(fd, ScullIoctl.QueryQuantum)).Value);
        Assert.Equal(1000, (await root.IoctlAsync(fd, ScullIoctl.ShiftQset, 7)).Value);
        Assert.Equal(7, (await root.IoctlAsync(fd, ScullIoctl.QueryQset)).Value);
        Assert.Equal(SysResult.Ok(), await root.IoctlAsync(fd, ScullIoctl.Reset));
        Assert.Equal(4000, (await root.IoctlAsync(fd, ScullIoctl.QueryQuantum)).Value);
        Assert.Equal(Errno.EINVAL, (await root.IoctlAsync(fd, ScullIoctl.TellQuantum, -1)).Errno);
        Assert.Equal(Errno.EFAULT, (await root.IoctlAsync(fd, ScullIoctl.SetQuantum, UserBuffer.Null)).Errno);
    });

    [Fact]
    public Task Ioctl_QuantumChanged_CountsFromTheNextTruncationOn() => Play(async s =>
    {
        UserOf(s, out UserThread root);
        int fd = await root.OpenAsync(ScullModule.Disks[0]).OrThrow();
        await root.IoctlAsync(fd, ScullIoctl.TellQuantum, 10).OrThrow();
        Assert.Equal(50, (await root.WriteAsync(fd, new byte[50])).Value);
        int truncated = await root.OpenAsync(ScullModule.Disks[0], OpenFlags.WriteOnly).OrThrow();
        Assert.Equal(10, (await root.WriteAsync(truncated, new byte[50])).Value);
    });

    [Fact, Trait("Case", "C233")]
    public Task Ioctl_CapabilityDroppedAfterOpen_Eperm() => Play(async s =>
    {
        UserOf(s, out UserThread root);
        int fd = await root.OpenAsync(ScullModule.Disks[0]).OrThrow();
        Assert.Equal(SysResult.Ok(), await root.IoctlAsync(fd, ScullIoctl.TellQuantum, 10));
        await root.CapsetAsync(Capabilities.All & ~Capabilities.SysAdmin, Capabilities.All).OrThrow();
        Assert.Equal(Errno.EPERM, (await root.IoctlAsync(fd, ScullIoctl.TellQuantum, 20)).Errno);
        await root.CapsetAsync(Capabilities.All, Capabilities.All).OrThrow();
        Assert.Equal(10, (await root.IoctlAsync(fd, ScullIoctl.ShiftQuantum, 30)).Value);
    });

    [Fact]
    public Task CompatIoctl_32BitProcess_SameCommands() => Play(async s =>
    {
        UserOf(s, out UserThread root);
        UserThread compat = s.Machine.CreateProcess(new EvlProcessOptions { Is32Bit = true }).CreateThread();
        int fd = await compat.OpenAsync(ScullModule.Pipe).OrThrow();
        byte[] value = BitConverter.GetBytes(30);
        Assert.Equal(SysResult.Ok(), await compat.IoctlAsync(fd, ScullIoctl.ExchangeQset, value));
        Assert.Equal(1000, BitConverter.ToInt32(value));
        int theirs = await root.OpenAsync(ScullModule.Disks[1]).OrThrow();
        Assert.Equal(30, (await root.IoctlAsync(theirs, ScullIoctl.QueryQset)).Value);
    });

    private static UserThread UserOf(Scenario s, out UserThread root)
    {
        _ = new ScullModule(s.Machine);
        root = s.Machine.CreateProcess().CreateThread();
        return s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(1000, 1000) }).CreateThread();
    }
}

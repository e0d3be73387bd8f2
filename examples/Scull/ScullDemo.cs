using System.Text;
using EvlActors;

namespace Scull;

/// <summary>The four plain devices: what is written stays, and the commands that shape the memory.</summary>
internal static class ScullDemo
{
    public static async Task Play(EvlMachine machine, Narrator tell)
    {
        UserThread root = machine.CreateProcess().CreateThread();
        int fd = await root.OpenAsync("/dev/scull0").OrThrow();
        byte[] read = new byte[32];

        await tell.Tell("write(scull0, \"hello, scull\")", root.WriteAsync(fd, "hello, scull"u8.ToArray()));
        await tell.Tell("lseek(scull0, 7, SEEK_SET)", root.LseekAsync(fd, 7));
        SysResult n = await tell.Tell("read(scull0, 32)", root.ReadAsync(fd, read));
        tell.Say($"read \"{Encoding.ASCII.GetString(read, 0, (int)n.Value)}\"");
        await tell.Tell("lseek(scull0, 0, SEEK_END)", root.LseekAsync(fd, 0, Whence.End));
        await tell.Tell("lseek(scull0, -100, SEEK_CUR)", root.LseekAsync(fd, -100, Whence.Current));
        int other = await root.OpenAsync("/dev/scull1", OpenFlags.ReadOnly).OrThrow();
        await tell.Tell("read(scull1, 32)", root.ReadAsync(other, read));

        tell.Say("a write-only open truncates");
        int writer = await root.OpenAsync("/dev/scull0", OpenFlags.WriteOnly).OrThrow();
        await tell.Tell("lseek(scull0, 0, SEEK_END)", root.LseekAsync(writer, 0, Whence.End));

        tell.Say("the size of a quantum: a read ends with it");
        byte[] quantum = BitConverter.GetBytes(5);
        await tell.Tell("ioctl(QUERY quantum)", root.IoctlAsync(writer, ScullIoctl.QueryQuantum));
        await tell.Tell("ioctl(EXCHANGE quantum, &5)", root.IoctlAsync(writer, ScullIoctl.ExchangeQuantum, quantum));
        tell.Say($"it was {BitConverter.ToInt32(quantum)}");
        int again = await root.OpenAsync("/dev/scull0", OpenFlags.WriteOnly).OrThrow();
        await tell.Tell("write(scull0, \"hello, scull\")", root.WriteAsync(again, "hello, scull"u8.ToArray()));

        tell.Say("a user without CAP_SYS_ADMIN reads the parameters, but does not set them");
        UserThread user = machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(1000, 1000) }).CreateThread();
        fd = await user.OpenAsync("/dev/scull0").OrThrow();
        await tell.Tell("ioctl(GET quantum, &n)", user.IoctlAsync(fd, ScullIoctl.GetQuantum, quantum));
        await tell.Tell("ioctl(SET quantum, &n)", user.IoctlAsync(fd, ScullIoctl.SetQuantum, quantum));
        await tell.Tell("ioctl(SET quantum, bad pointer)", user.IoctlAsync(fd, ScullIoctl.SetQuantum, UserBuffer.OutsideUserSpace(quantum)));
        await tell.Tell("ioctl(_IO('j', 0))", user.IoctlAsync(fd, IoctlCommand.Io('j', 0)));
        await tell.Tell("ioctl(RESET)", user.IoctlAsync(fd, ScullIoctl.Reset));
    }
}

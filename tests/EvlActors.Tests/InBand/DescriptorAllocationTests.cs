using EvlActors.Drivers;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.InBand;

/// <summary>Calls that only use what is there allocate nothing.</summary>
public sealed class DescriptorAllocationTests
{
    private const int Calls = 200;

    private static readonly byte[] s_buffer = new byte[16];
    private static readonly byte[] s_one = BitConverter.GetBytes(1);
    private static readonly UserBuffer[] s_parts = [s_buffer, s_buffer];

    public static TheoryData<string> Kinds => ["dup2", "dup2-oob", "dup3", "lseek", "pread", "readv", "setfl", "fionbio", "fioclex", "cloexec", "setsig", "setown", "getown", "event"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_OnExistingObjects_NoAllocation(string kind)
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { PriorityEngine = new PriorityEngineOptions { RealTime = false } });
        machine.AddDevice("/dev/plain", () => new PlainDevice());
        machine.AddDevice("/dev/oob", () => new OobDevice());
        UserThread thread = machine.CreateProcess().CreateThread();
        long bytes = -1;
        await thread.Process.StartThread(thread, t =>
        {
            int fd = t.Open("/dev/plain").OrThrow();
            int oob = t.Open("/dev/oob").OrThrow();
            // Armed, for nobody: an event goes as far as the file.
            t.Fcntl(fd, FcntlCommand.SetFl, (long)OpenFlags.Async).OrThrow();
            t.Fcntl(oob, FcntlCommand.SetOwn, -t.Process.Pid).OrThrow();
            for (int i = 0; i < Calls; i++)
                Make(t, kind, fd, oob);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                Make(t, kind, fd, oob);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, bytes);
    }

    private static void Make(UserThread t, string kind, int fd, int oob)
    {
        SysResult result = kind switch
        {
            "dup2" => t.Dup2(fd, 9),
            "dup2-oob" => t.Dup2(t.Dup2(oob, 9).IsError ? -1 : fd, 9),
            "dup3" => t.Dup3(oob, 9, OpenFlags.CloseOnExec),
            "lseek" => t.Lseek(fd, 5),
            "pread" => t.Pread(fd, s_buffer, 7),
            "readv" => t.Readv(fd, s_parts),
            "setfl" => t.Fcntl(fd, FcntlCommand.SetFl, (long)(OpenFlags.NonBlock | OpenFlags.Async)),
            "fionbio" => t.Ioctl(fd, VfsIoctl.Fionbio, s_one),
            "fioclex" => t.Ioctl(fd, VfsIoctl.Fioclex),
            "setsig" => t.Fcntl(fd, FcntlCommand.SetSig, 10),
            "setown" => t.Fcntl(oob, FcntlCommand.SetOwn, t.Process.Pid),
            "getown" => t.Fcntl(oob, FcntlCommand.GetOwnEx, s_buffer),
            "event" => t.Write(fd, s_buffer),
            _ => t.CloseRange(3, uint.MaxValue, CloseRangeFlags.CloseOnExec),
        };
        if (result.IsError)
            throw new InvalidOperationException($"{kind}: {result}");
    }

    private sealed class PlainDevice : CharDevice
    {
        private readonly FasyncList _async = new();

        protected internal override IoTask Read(IoCall call) => SysResult.Ok(call.Count);

        protected internal override IoTask Write(IoCall call)
        {
            _async.KillFasync(Signal.SIGIO, PollCode.In);
            return SysResult.Ok(call.Count);
        }

        protected internal override IoTask Fasync(IoCall call) => _async.FasyncHelper(call.Fd, call.File, call.AsyncOn);

        protected internal override IoTask Llseek(IoCall call) => call.DefaultLlseek(100);
    }

    private sealed class OobDevice : CharDevice
    {
        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override IoTask OobRead(IoCall call) => SysResult.Ok();
    }
}

using EvlActors.Drivers;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests;

/// <summary>A command out of a table allocates nothing, whatever its kind.</summary>
public sealed class IoctlAllocationTests
{
    private const int Calls = 200;

    private static readonly IoctlCommand s_set = IoctlCommand.Iow<int>('a', 1);
    private static readonly IoctlCommand s_get = IoctlCommand.Ior<int>('a', 2);
    private static readonly IoctlCommand s_swap = IoctlCommand.Iowr<int>('a', 3);
    private static readonly IoctlCommand s_tell = IoctlCommand.Io('a', 4);
    private static readonly byte[] s_value = BitConverter.GetBytes(1);

    [Fact]
    public async Task Ioctl_EachKindOfCommand_NoAllocation()
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { PriorityEngine = new PriorityEngineOptions { RealTime = false } });
        machine.AddDevice("/dev/table", () => new TableDevice());
        UserThread thread = machine.CreateProcess().CreateThread();
        long bytes = -1;
        await thread.Process.StartThread(thread, t =>
        {
            int fd = t.Open("/dev/table").OrThrow();
            for (int i = 0; i < Calls; i++)
                MakeAll(t, fd);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                MakeAll(t, fd);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, bytes);
    }

    private static void MakeAll(UserThread t, int fd)
    {
        bool worked = t.Ioctl(fd, s_set, s_value).IsSuccess && t.Ioctl(fd, s_get, s_value).IsSuccess && t.Ioctl(fd, s_swap, s_value).IsSuccess
            && t.Ioctl(fd, s_tell, 3).Value == 3 && t.Ioctl(fd, 99, 0).Errno == Errno.ENOTTY;
        if (!worked)
            throw new InvalidOperationException("A command failed.");
    }

    private sealed class TableDevice : CharDevice
    {
        private static readonly IoctlTable<TableDevice> s_commands = new IoctlTableBuilder<TableDevice>()
            .Iow<int>(s_set, (device, _, value) => device._value = value)
            .Ior<int>(s_get, (device, _) => device._value)
            .Iowr<int>(s_swap, (TableDevice device, IoCall _, ref int value) =>
            {
                (device._value, value) = (value, device._value);
                return 0;
            })
            .Io(s_tell, (device, _, value) => device._value = (int)value)
            .Build();

        private int _value;

        protected internal override IoTask Ioctl(IoCall call) => s_commands.Run(this, call);
    }
}

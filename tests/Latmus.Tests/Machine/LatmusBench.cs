using EvlActors;

namespace Latmus.Tests;

/// <summary>A machine with the driver, a process that has it open, an in-band thread, an oob thread and a cross-buffer.</summary>
internal sealed record LatmusBench(EvlProcess Process, UserThread InBand, UserThread Oob, int Fd, int Xfd)
{
    public const int OnlineCpus = 2;

    public static async Task<LatmusBench> Open(EvlMachine machine)
    {
        machine.AddDevice(LatmusDevice.Path, () => new LatmusDevice(OnlineCpus));
        EvlProcess process = machine.CreateProcess();
        UserThread inBand = process.CreateThread();
        UserThread oob = process.CreateThread(SchedPolicy.Fifo, 50);
        await oob.AttachAsync().OrThrow();
        int fd = await inBand.OpenAsync(LatmusDevice.Path).OrThrow();
        int xfd = await inBand.CreateXbufAsync("lat-data", 1024, 0).OrThrow();
        return new(process, inBand, oob, fd, xfd);
    }

    public ValueTask<SysResult> Measure(LatmusContext type, ulong periodNs = 1_000_000, int cells = 0, int? xfd = null) =>
        SetUp(LatmusIoctl.Measure, LatmusSetup.ForMeasure(type, periodNs, 98, 0, xfd ?? Xfd, (uint)cells));

    public ValueTask<SysResult> SetUp(uint command, LatmusSetup setup)
    {
        byte[] argument = new byte[LatmusSetup.Size];
        setup.Write(argument);
        return InBand.IoctlAsync(Fd, command, argument);
    }
}

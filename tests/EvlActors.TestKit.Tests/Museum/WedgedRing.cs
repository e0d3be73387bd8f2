using EvlActors.Xbufs;

namespace EvlActors.TestKit.Tests;

/// <summary>A cross-buffer that a faulting writer wedges: it leaves with EFAULT, and the ring goes on waiting for its copy.</summary>
internal static class WedgedRing
{
    private const int Size = 8;
    private const int Message = 4;

    internal static Func<SimulationScenario, Task> Scenario(Func<XbufDevice> make) => async s =>
    {
        s.Machine.AddDevice("/dev/xbuf", make);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread writer = app.CreateThread(SchedPolicy.Fifo, 50, "writer");
        UserThread faulter = app.CreateThread(SchedPolicy.Fifo, 50, "faulter");
        UserThread reader = app.CreateThread(name: "reader");
        await writer.AttachAsync().OrThrow();
        await faulter.AttachAsync().OrThrow();
        int fd = await reader.OpenAsync("/dev/xbuf", OpenFlags.ReadWrite).OrThrow();
        Task reading = app.Run(reader, async t => await t.ReadAsync(fd, new byte[Message]).OrThrow());
        Task writing = app.Run(writer, async t => await t.OobWriteAsync(fd, new byte[] { 1, 2, 3, 4 }).OrThrow());
        Task faulting = app.Run(faulter, async t => await t.OobWriteAsync(fd, UserBuffer.FaultingAt(new byte[] { 5, 6, 7, 8 }, s.Draw(Message))));
        await reading;
        await writing;
        await faulting;
    };

    internal static XbufDevice Correct() => new(Size, Size);

    internal static XbufDevice Defective() => new WedgedXbuf();

    private sealed class WedgedXbuf() : XbufDevice(Size, Size)
    {
        internal override void EndWrite(Ring ring, bool isWhole)
        {
            if (isWhole)
                base.EndWrite(ring, isWhole);
        }
    }
}

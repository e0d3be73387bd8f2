using EvlActors.Xbufs;

namespace EvlActors.TestKit.Tests;

/// <summary>A cross-buffer whose POLLOUT edge never fires: whether the ring was full is asked after the reader has freed its slot.</summary>
internal static class SilentEdge
{
    private const int Size = 4;

    internal static Func<SimulationScenario, Task> Scenario(Func<XbufDevice> make) => async s =>
    {
        s.Machine.AddDevice("/dev/xbuf", make);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread writer = app.CreateThread(SchedPolicy.Fifo, 50, "writer");
        UserThread reader = app.CreateThread(name: "reader");
        await writer.AttachAsync().OrThrow();
        int fd = await reader.OpenAsync("/dev/xbuf", OpenFlags.ReadWrite).OrThrow();
        int set = await writer.NewPollAsync().OrThrow();
        await writer.AddPollfdAsync(set, fd, PollEvents.Out).OrThrow();
        await writer.OobWriteAsync(fd, new byte[Size]).OrThrow();
        Task reading = app.Run(reader, async t => await t.ReadAsync(fd, new byte[Size]).OrThrow());
        Task writing = app.Run(writer, async t =>
        {
            await t.EvlPollAsync(set, new EvlPollEvent[1]).OrThrow();
            await t.OobWriteAsync(fd, new byte[Size]).OrThrow();
        });
        await reading;
        await writing;
    };

    internal static XbufDevice Correct() => new(Size, Size);

    internal static XbufDevice Defective() => new SilentXbuf();

    private sealed class SilentXbuf() : XbufDevice(Size, Size)
    {
        internal override void SignalSpace(Ring ring, bool wasFull) => base.SignalSpace(ring, wasFull: ring.Fill == ring.Size);
    }
}

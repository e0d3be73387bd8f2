using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace EvlActors.TestKit.Tests;

/// <summary>A release that frees before the crossing has passed: it does not wait until the out-of-band calls have left.</summary>
internal static class EarlyRelease
{
    private const int Size = 4;

    internal static Func<SimulationScenario, Task> Scenario(Func<XbufDevice> make) => async s =>
    {
        s.Machine.AddDevice("/dev/xbuf", make);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread closer = app.CreateThread(name: "closer");
        await reader.AttachAsync().OrThrow();
        int fd = await closer.OpenAsync("/dev/xbuf", OpenFlags.ReadWrite).OrThrow();
        Task reading = app.Run(reader, async t => await t.OobReadAsync(fd, new byte[1]));
        Task closing = app.Run(closer, async t => await t.CloseAsync(fd).OrThrow());
        await reading;
        await closing;
    };

    internal static XbufDevice Correct() => new(Size, Size);

    internal static XbufDevice Defective() => new HastyXbuf();

    private sealed class HastyXbuf() : XbufDevice(Size, Size)
    {
        protected internal override IoTask Release(IoCall call) => SysResult.Ok();
    }
}

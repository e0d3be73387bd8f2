namespace EvlActors.TestKit.Tests;

/// <summary>A correct line with a reader and a writer, for probes and scripts.</summary>
internal static class Line
{
    internal static async Task<(UserThread Reader, UserThread Writer, int Fd)> Open(SimulationScenario s) => await Open(s.Machine);

    internal static async Task<(UserThread Reader, UserThread Writer, int Fd)> Open(EvlMachine machine)
    {
        machine.AddDevice("/dev/line", () => new LineDevice());
        EvlProcess app = machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread writer = app.CreateThread(SchedPolicy.Fifo, 40, "writer");
        await reader.AttachAsync().OrThrow();
        await writer.AttachAsync().OrThrow();
        return (reader, writer, await writer.OpenAsync("/dev/line").OrThrow());
    }

    internal static Task Read(UserThread reader, int fd) =>
        reader.Process.Run(reader, async t => await t.OobReadAsync(fd, new byte[1]));
}

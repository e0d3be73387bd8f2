namespace EvlActors.TestKit.Tests;

/// <summary>Scenarios that the tests explore.</summary>
internal static class Scenarios
{
    private static readonly byte[] s_byte = new byte[1];

    /// <summary>One thread reads out-of-band while another closes the descriptor.</summary>
    internal static Func<SimulationScenario, Task> ReadAgainstClose(Defect defect) => async s =>
    {
        (EvlProcess app, UserThread reader, UserThread other, int fd) = await Begin(s, defect, "closer");
        await Task.WhenAll(
            app.Run(reader, async t => await t.OobReadAsync(fd, s_byte)),
            app.Run(other, async t => (await t.CloseAsync(fd)).OrThrow()));
    };

    /// <summary>One thread reads out-of-band what another writes.</summary>
    internal static Func<SimulationScenario, Task> ReadAgainstWrite(Defect defect) => async s =>
    {
        (EvlProcess app, UserThread reader, UserThread other, int fd) = await Begin(s, defect, "writer");
        await Task.WhenAll(
            app.Run(reader, async t => (await t.OobReadAsync(fd, s_byte)).OrThrow()),
            app.Run(other, async t => (await t.OobWriteAsync(fd, s_byte)).OrThrow()));
    };

    private static async Task<(EvlProcess App, UserThread Reader, UserThread Other, int Fd)> Begin(
        SimulationScenario s, Defect defect, string name)
    {
        s.Machine.AddDevice("/dev/line", () => new LineDevice(defect));
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread other = app.CreateThread(SchedPolicy.Fifo, 40, name);
        await reader.AttachAsync().OrThrow();
        await other.AttachAsync().OrThrow();
        int fd = await other.OpenAsync("/dev/line").OrThrow();
        return (app, reader, other, fd);
    }
}

using EvlActors;
using EvlActors.TestKit;

namespace FaultInjection;

/// <summary>What is done with the logger.</summary>
internal static class Scenarios
{
    /// <summary>One thread forwards a record while another closes the logger.</summary>
    internal static Func<SimulationScenario, Task> ForwardAgainstClose(Func<LoggerDevice> driver) => async s =>
    {
        s.Always("no driver fails", e => e.Kind == MachineEventKind.DeviceFailed ? e.Detail?.TrimEnd('.') : null);
        (UserThread forwarder, UserThread other, int logger, int xbuf) = await Begin(s, driver);
        await other.WriteAsync(logger, new byte[1]).OrThrow();
        Task forwarding = forwarder.Process.Run(forwarder, async t => await t.OobIoctlAsync(logger, LoggerDevice.Forward, xbuf));
        Task closing = other.Process.Run(other, async t => (await t.CloseAsync(logger)).OrThrow());
        await forwarding;
        await closing;
    };

    /// <summary>A forwarder waits for a record; it is written, forwarded and read; all is closed. Whoever gets an error gives up.</summary>
    internal static async Task WriteForwardRead(SimulationScenario s)
    {
        (UserThread forwarder, UserThread other, int logger, int xbuf) = await Begin(s, () => new PatientLogger());
        Task forwarding = forwarder.Process.Run(
            forwarder, async t => await t.OobIoctlAsync(logger, LoggerDevice.Forward, xbuf).OrThrow());
        try
        {
            await other.WriteAsync(logger, new byte[1]).OrThrow();
        }
        finally
        {
            // Also without a record: the release sends the forwarder home.
            await other.CloseAsync(logger);
        }
        await forwarding;
        await other.ReadAsync(xbuf, new byte[1]).OrThrow();
    }

    private static async Task<(UserThread Forwarder, UserThread Other, int Logger, int Xbuf)> Begin(
        SimulationScenario s, Func<LoggerDevice> driver)
    {
        s.Machine.AddDevice(LoggerDevice.Path, driver);
        EvlProcess app = s.Machine.CreateProcess(new EvlProcessOptions { EmptyTable = true });
        UserThread forwarder = app.CreateThread(SchedPolicy.Fifo, 80, "forwarder");
        UserThread other = app.CreateThread(name: "app");
        await forwarder.AttachAsync().OrThrow();
        int logger = await other.OpenAsync(LoggerDevice.Path).OrThrow();
        int xbuf = await other.CreateXbufAsync("records", inboundBytes: 16, outboundBytes: 0).OrThrow();
        return (forwarder, other, logger, xbuf);
    }
}

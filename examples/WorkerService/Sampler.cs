using System.Runtime.CompilerServices;
using System.Threading.Channels;
using EvlActors;

namespace WorkerService;

/// <summary>Samples the sensor out-of-band and hands the readings to the in-band side through a cross-buffer.</summary>
internal sealed class Sampler(EvlMachine machine)
{
    private const int BufferBytes = 1024 * Reading.Bytes;

    /// <summary>The readings, until cancelled; the machine's end is an <see cref="EvlException"/>. Samples wait in the cross-buffer
    /// for whoever is slow.</summary>
    internal async IAsyncEnumerable<Reading> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        EvlProcess app = machine.CreateProcess();
        UserThread display = app.CreateThread(name: "display");
        UserThread sampler = app.CreateThread(SchedPolicy.Fifo, priority: 90, "sampler");
        await sampler.AttachAsync("/sampler").OrThrow();
        int sensor = await display.OpenAsync("/dev/sensor", OpenFlags.ReadOnly, cancellation).OrThrow();
        int xbuf = await display.CreateXbufAsync("readings", inboundBytes: BufferBytes, outboundBytes: 0).OrThrow();
        ChannelReader<Reading> readings = await display.OpenChannelReaderAsync<Reading>(xbuf);
        Task sampling = app.StartThread(sampler, t => Sample(t, sensor, xbuf));
        try
        {
            await foreach (Reading reading in readings.ReadAllAsync(cancellation))
                yield return reading;
        }
        finally
        {
            await app.ExitAsync();
            await sampling;
        }
    }

    // Blocking calls on an OS thread of its own, under SCHED_FIFO where the system permits it.
    private static void Sample(UserThread thread, int sensor, int xbuf)
    {
        byte[] bytes = new byte[Reading.Bytes];
        while (thread.OobRead(sensor, bytes) is { IsError: false } && thread.OobWrite(xbuf, bytes) is { IsError: false })
        {
        }
    }
}

using EvlActors;

namespace Latmus.Tests;

/// <summary>A responder that is as late as a test wants.</summary>
internal static class SimulatedResponder
{
    /// <summary>Answers until its thread is ended.</summary>
    /// <param name="bench">The driver.</param>
    /// <param name="lateness">How many ns each wake-up takes, by its number from 0.</param>
    public static async Task Answer(LatmusBench bench, Func<int, long> lateness)
    {
        EvlMachine machine = bench.Process.Machine;
        machine.AddDevice(DelayDevice.Path, () => new DelayDevice());
        UserThread responder = bench.Process.CreateThread(SchedPolicy.Fifo, 98);
        int delay = await responder.OpenAsync(DelayDevice.Path).OrThrow();
        await responder.AttachAsync().OrThrow();
        byte[] stamp = new byte[sizeof(long)];
        int sample = 0;
        while (true)
        {
            SysResult shot = await responder.OobIoctlAsync(bench.Fd, LatmusIoctl.Pulse, stamp);
            stamp.AsSpan().Clear();
            // A runner that was replaced, or is none of its business, is asked again when there is time for it.
            if (shot.Errno is Errno.EAGAIN or Errno.EINVAL or Errno.EIDRM)
            {
                if ((await responder.OobIoctlAsync(delay, 0, 100_000)).IsError)
                    return;
                continue;
            }

            if (shot.Errno == Errno.EPIPE)
                continue;
            if (shot.IsError)
                return;
            if (lateness(sample++) is > 0 and var late)
                await responder.OobIoctlAsync(delay, 0, late);
            BitConverter.TryWriteBytes(stamp, machine.Engine.MonotonicNs);
        }
    }
}

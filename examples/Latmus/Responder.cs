using System.Buffers.Binary;
using EvlActors;

namespace Latmus;

/// <summary>The user thread that answers the timer: sleeps in PULSE, stamps as soon as it is back, and brings the stamp along.</summary>
/// <param name="thread">The thread.</param>
/// <param name="fd">The driver's descriptor.</param>
internal sealed class Responder(LatmusThread thread, int fd)
{
    private readonly byte[] _stamp = new byte[sizeof(long)];

    /// <summary>The user thread.</summary>
    public UserThread User => thread.User;

    /// <summary>Attaches, then answers until the process ends.</summary>
    /// <param name="cpu">The CPU to run on.</param>
    /// <returns>Completes when it is over; faults if it ended by anything else.</returns>
    public Task Run(int cpu) => thread.Run(Answer, cpu);

    private async Task Answer()
    {
        (await thread.Attach($"/timer-responder:{thread.User.Process.Pid}")).OrThrow();
        EvlActors.Actors.IActorEngine clock = thread.User.Process.Machine.Engine;
        while (true)
        {
            SysResult shot = await thread.OobIoctl(fd, LatmusIoctl.Pulse, _stamp);
            long now = shot.IsError ? 0 : clock.MonotonicNs;
            BinaryPrimitives.WriteInt64LittleEndian(_stamp, now);
            // The end of a round: from the next call on it is parked until there is another one.
            if (!shot.IsError || shot.Errno == Errno.EPIPE)
                continue;
            if (shot.Errno is Errno.EINTR or Errno.ESRCH or Errno.EIDRM)
                return;
            shot.OrThrow();
        }
    }
}

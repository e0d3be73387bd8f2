using System.Buffers.Binary;
using EvlActors;
using EvlActors.Actors;

namespace Latmus;

/// <summary>The user thread that answers the timer: sleeps in PULSE, stamps as soon as it is back, and brings the stamp along.</summary>
/// <param name="thread">The thread.</param>
/// <param name="fd">The driver's descriptor.</param>
/// <param name="onShot">What it does besides, once it has stamped; null: nothing.</param>
internal sealed class Responder(LatmusThread thread, int fd, Func<UserThread, ValueTask>? onShot = null)
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
        int self = (await thread.Attach($"/timer-responder:{thread.User.Process.Pid}")).OrThrow();
        await thread.SetMode(self, EvlThreadMode.Woss);
        IActorEngine clock = thread.User.Process.Machine.Engine;
        while (true)
        {
            SysResult shot = await thread.OobIoctl(fd, LatmusIoctl.Pulse, _stamp);
            long now = shot.IsError ? 0 : clock.MonotonicNs;
            BinaryPrimitives.WriteInt64LittleEndian(_stamp, now);
            if (onShot is not null && !shot.IsError)
                await onShot(thread.User);
            // The end of a round: from the next call on it is parked until there is another one.
            if (!shot.IsError || shot.Errno == Errno.EPIPE)
                continue;
            if (shot.Errno is Errno.EINTR or Errno.ESRCH or Errno.EIDRM)
                return;
            shot.OrThrow();
        }
    }
}

using EvlActors;

namespace Latmus;

/// <summary>The in-band thread that reads the measurements from the cross-buffer and shows them.</summary>
/// <param name="thread">The thread.</param>
/// <param name="xfd">The cross-buffer.</param>
/// <param name="display">Where they are shown.</param>
/// <param name="switches">How many unwanted switches there were so far.</param>
internal sealed class Logger(LatmusThread thread, int xfd, LatmusDisplay display, Func<uint> switches)
{
    private readonly byte[] _message = new byte[Measurement.Size];
    private readonly long _startedNs = thread.User.Process.Machine.Engine.MonotonicNs;

    /// <summary>The time since it was made.</summary>
    public TimeSpan Elapsed =>
        TimeSpan.FromMicroseconds((thread.User.Process.Machine.Engine.MonotonicNs - _startedNs) / 1000);

    /// <summary>0, or why a measurement ends the program.</summary>
    public int Status { get; private set; }

    /// <summary>Runs it, until it is finished or a measurement ends the program.</summary>
    /// <param name="giveUp">Told of a status that is not 0.</param>
    /// <returns>Completes with the thread.</returns>
    public Task Run(Action<int> giveUp) => thread.Run(() => Show(giveUp));

    /// <summary>Has it show what is left in the cross-buffer, and end.</summary>
    /// <param name="by">The thread that says so.</param>
    /// <param name="logging">What <see cref="Run"/> returned.</param>
    /// <returns>Completes when it has ended.</returns>
    public async Task Finish(UserThread by, Task logging)
    {
        // From its next read on it gets EAGAIN when nothing is left; the one that it may be asleep in is ended.
        await by.FcntlAsync(xfd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock).OrThrow();
        thread.User.Unblock();
        await logging;
    }

    private async Task Show(Action<int> giveUp)
    {
        while (true)
        {
            SysResult read = await thread.Read(xfd, _message);
            if (read == Errno.EINTR)
                continue;
            if (read == Errno.EAGAIN)
                return;
            read.OrThrow();
            Status = display.Show(Measurement.Read(_message), Elapsed, switches());
            if (Status == ExitStatus.Success)
                continue;
            giveUp(Status);
            return;
        }
    }
}

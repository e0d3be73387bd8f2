namespace EvlActors.Benchmarks;

/// <summary>Cross-buffers to poll.</summary>
internal static class PolledXbufs
{
    /// <summary>Creates some; the last ones have a byte to read.</summary>
    public static int[] Create(UserThread thread, int count, int ready)
    {
        int[] fds = new int[count];
        for (int i = 0; i < count; i++)
            fds[i] = thread.CreateXbuf(null, 16, 16).OrThrow();
        foreach (int fd in fds[^ready..])
            thread.OobWrite(fd, new byte[1]).OrThrow();
        return fds;
    }

    /// <summary>Creates some, and an epoll that watches them for bytes.</summary>
    public static int CreateEpoll(UserThread thread, int count, int ready)
    {
        int epoll = thread.EpollCreate1().OrThrow();
        foreach (int fd in Create(thread, count, ready))
            thread.EpollCtl(epoll, EpollOp.Add, fd, new EpollEvent(PollEvents.In, fd)).OrThrow();
        return epoll;
    }
}

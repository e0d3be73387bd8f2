namespace EvlActors;

/// <summary>What a file can be ready for, with Linux's values: the masks of poll(2), epoll and EVL poll sets.</summary>
[Flags]
public enum PollEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>POLLIN: bytes can be read; set together with <see cref="RdNorm"/>.</summary>
    In = 0x001,
    /// <summary>POLLPRI: an exceptional condition.</summary>
    Pri = 0x002,
    /// <summary>POLLOUT: bytes can be written; set together with <see cref="WrNorm"/>.</summary>
    Out = 0x004,
    /// <summary>POLLERR: an error; reported although nobody asked for it.</summary>
    Err = 0x008,
    /// <summary>POLLHUP: the other side has gone; reported although nobody asked for it.</summary>
    Hup = 0x010,
    /// <summary>POLLNVAL: the descriptor is not open; reported although nobody asked for it.</summary>
    Nval = 0x020,
    /// <summary>POLLRDNORM.</summary>
    RdNorm = 0x040,
    /// <summary>POLLRDBAND.</summary>
    RdBand = 0x080,
    /// <summary>POLLWRNORM.</summary>
    WrNorm = 0x100,
    /// <summary>POLLWRBAND.</summary>
    WrBand = 0x200,
    /// <summary>POLLMSG.</summary>
    Msg = 0x400,
    /// <summary>POLLRDHUP.</summary>
    RdHup = 0x2000,
    /// <summary>EPOLLEXCLUSIVE: of the epolls that watch the file so, one with a waiter is woken.</summary>
    EpollExclusive = 1u << 28,
    /// <summary>EPOLLWAKEUP: accepted, without effect.</summary>
    EpollWakeup = 1u << 29,
    /// <summary>EPOLLONESHOT: disabled after one report, until EPOLL_CTL_MOD.</summary>
    EpollOneShot = 1u << 30,
    /// <summary>EPOLLET: reported once per wake-up of the file, not while it is ready.</summary>
    EpollEt = 1u << 31,
    /// <summary>DEFAULT_POLLMASK: what a file without poll operation answers.</summary>
    Default = In | Out | RdNorm | WrNorm,
}

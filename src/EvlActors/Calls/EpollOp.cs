namespace EvlActors;

/// <summary>What epoll_ctl(2) is asked to do.</summary>
public enum EpollOp
{
    /// <summary>EPOLL_CTL_ADD.</summary>
    Add = 1,
    /// <summary>EPOLL_CTL_DEL.</summary>
    Del = 2,
    /// <summary>EPOLL_CTL_MOD.</summary>
    Mod = 3,
}

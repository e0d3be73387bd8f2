namespace EvlActors.InBand.Epoll;

/// <summary>A user who has made epolls, and how many registrations they have. Counterpart of <c>user_struct.epoll_watches</c>.</summary>
internal sealed class EpollUser
{
    internal long Watches;
}

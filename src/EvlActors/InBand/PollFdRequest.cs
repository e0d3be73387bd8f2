using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>poll(2).</summary>
internal sealed class PollFdRequest : PollRequest
{
    private const PollEvents Unasked = PollEvents.Err | PollEvents.Hup;
    private Memory<PollFd> _fds;

    /// <inheritdoc/>
    internal override Errno Begin(Call call, PollWaiter waiter, out long timeoutNs)
    {
        var arguments = (PollArguments)call.Object!; // set by whoever makes the call
        UserArray<PollFd> fds = arguments.Fds;
        timeoutNs = arguments.TimeoutMs < 0 ? PollWaiter.ForEver : arguments.TimeoutMs * 1_000_000L;
        if (fds.Count < 0 || fds.Count > call.Thread.Process.MaxFiles)
            return Errno.EINVAL;
        if (fds.Count > fds.Memory.Length)
            return Errno.EFAULT;
        _fds = fds.Memory[..(int)fds.Count];
        ReadOnlySpan<PollFd> entries = _fds.Span;
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Fd >= 0)
                waiter.Add(entries[i].Fd, entries[i].Events & (PollEvents)ushort.MaxValue | Unasked, i);
        }
        return Errno.None;
    }

    /// <inheritdoc/>
    internal override SysResult Count(ReadOnlySpan<PollQuery> queries, bool isFirstScan)
    {
        int ready = 0;
        foreach (PollQuery query in queries)
        {
            if (Found(query) != PollEvents.None)
                ready++;
        }
        return ready;
    }

    /// <inheritdoc/>
    internal override void Store(ReadOnlySpan<PollQuery> queries, long restNs)
    {
        Span<PollFd> entries = _fds.Span;
        foreach (ref PollFd entry in entries)
            entry.Revents = PollEvents.None;
        foreach (PollQuery query in queries)
            entries[query.Index].Revents = Found(query);
        _fds = default;
    }

    private static PollEvents Found(PollQuery query) => query.Mask & (query.Events | PollEvents.Nval);
}

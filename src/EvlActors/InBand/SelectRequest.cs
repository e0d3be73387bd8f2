using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>select(2).</summary>
internal sealed class SelectRequest : PollRequest
{
    private const PollEvents Readable = PollEvents.In | PollEvents.RdNorm | PollEvents.RdBand | PollEvents.Hup | PollEvents.Err;
    private const PollEvents Writable = PollEvents.Out | PollEvents.WrNorm | PollEvents.WrBand | PollEvents.Err;
    private const PollEvents Exceptional = PollEvents.Pri;

    private FdSet? _read;
    private FdSet? _write;
    private FdSet? _except;
    private Timeval? _timeout;

    /// <inheritdoc/>
    internal override Errno Begin(Call call, PollWaiter waiter, out long timeoutNs)
    {
        var arguments = (PollArguments)call.Object!; // set by whoever makes the call
        (_read, _write, _except, _timeout) = (arguments.Read, arguments.Write, arguments.Except, arguments.Timeout);
        timeoutNs = _timeout is null ? PollWaiter.ForEver : _timeout.Ns;
        if (_timeout is { IsValid: false } || call.Argument < 0)
            return Errno.EINVAL;
        if (_read == FdSet.Bad || _write == FdSet.Bad || _except == FdSet.Bad)
            return Errno.EFAULT;
        // A number beyond what a table can ever hold is not looked at.
        int end = (int)Math.Min(call.Argument, 1_048_576);
        for (int fd = 0; fd < end; fd++)
        {
            PollEvents events = (IsIn(_read, fd) ? Readable : 0) | (IsIn(_write, fd) ? Writable : 0) | (IsIn(_except, fd) ? Exceptional : 0);
            if (events != PollEvents.None)
                waiter.Add(fd, events, fd);
        }
        return Errno.None;
    }

    /// <inheritdoc/>
    internal override SysResult Count(ReadOnlySpan<PollQuery> queries, bool isFirstScan)
    {
        int ready = 0;
        foreach (PollQuery query in queries)
        {
            if (isFirstScan && (query.Mask & PollEvents.Nval) != 0)
                return Errno.EBADF;
            ready += (IsReady(_read, query, Readable) ? 1 : 0) + (IsReady(_write, query, Writable) ? 1 : 0)
                + (IsReady(_except, query, Exceptional) ? 1 : 0);
        }
        return ready;
    }

    /// <inheritdoc/>
    internal override void Store(ReadOnlySpan<PollQuery> queries, long restNs)
    {
        foreach (PollQuery query in queries)
        {
            Put(_read, query, Readable);
            Put(_write, query, Writable);
            Put(_except, query, Exceptional);
        }
        _timeout?.SetRest(restNs);
    }

    private static bool IsIn(FdSet? set, int fd) => set is not null && set.IsSet(fd);

    // A descriptor that was closed meanwhile is reported in every set that asks for it.
    private static bool IsReady(FdSet? set, PollQuery query, PollEvents events) =>
        IsIn(set, query.Index) && (query.Mask & (events | PollEvents.Nval)) != 0;

    private static void Put(FdSet? set, PollQuery query, PollEvents events)
    {
        if (!IsReady(set, query, events))
            set?.Clear(query.Index);
    }
}

using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand.Epoll;

/// <summary>
/// The machine's epolls: one device, each open file an epoll, so that how they are nested is known in one place. Counterpart of
/// fs/eventpoll.c.
/// </summary>
internal sealed class EpollDevice : CharDevice
{
    private const PollEvents Readable = PollEvents.In | PollEvents.RdNorm;
    private const PollEvents ExclusiveOk = PollEvents.In | PollEvents.Out | PollEvents.Err | PollEvents.Hup
        | PollEvents.EpollWakeup | PollEvents.EpollEt | PollEvents.EpollExclusive;

    // How many epolls a chain may have.
    private const int MaxChain = 5;

    private readonly Dictionary<OpenFileRef, EpollInstance> _epolls = [];
    private readonly Dictionary<int, EpollUser> _users = [];

    /// <inheritdoc/>
    internal override bool GuessesPoll => true;

    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        // Who makes it is charged, whoever registers: as with the kernel's ep->user.
        int uid = call.Credentials.Uid;
        if (!_users.TryGetValue(uid, out EpollUser? user))
            _users.Add(uid, user = new EpollUser());
        var epoll = new EpollInstance(call.File.Ref, user);
        _epolls.Add(epoll.File, epoll);
        call.File.PrivateData = epoll;
        call.File.NotPositioned();
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override async IoTask Release(IoCall call)
    {
        EpollInstance epoll = EpollOf(call.File);
        await epoll.Enter(call);
        _epolls.Remove(epoll.File);
        if (epoll.Items.Count > 0)
        {
            foreach (EpollItem item in epoll.Items.Values)
                item.Forget();
            await epoll.AwaitAnswers(call, epoll.Items.Count);
            epoll.Clear();
        }
        await call.File.ReleaseOob();
        return 0;
    }

    /// <inheritdoc/>
    protected internal override IoTask Ioctl(IoCall call) => call.Call!.Nr switch // a handler runs for a call
    {
        SyscallNumber.EpollCtl => Control(call, EpollOf(call.File)),
        SyscallNumber.EpollWait => Wait(call, EpollOf(call.File)),
        _ => SysResult.Error(Errno.ENOTTY),
    };

    /// <inheritdoc/>
    protected internal override IoTask Llseek(IoCall call) => call.NoopLlseek();

    /// <inheritdoc/>
    protected internal override PollEvents Poll(PollTable table)
    {
        EpollInstance epoll = EpollOf(table.File);
        table.Watch(epoll.Pollers);
        return epoll.MayHaveReady ? Readable : PollEvents.None;
    }

    /// <inheritdoc/>
    internal override async IoTask VerifyPoll(PollContext context)
    {
        EpollInstance epoll = EpollOf((EvlFile)context.Query.Handle!); // stamped by the open file
        await epoll.Enter(context);
        bool isReady = false;
        for (int left = epoll.ListedCount; left > 0 && !isReady; left--)
        {
            epoll.Take(1, context.Caller);
            if (epoll.Taken.Count == 0)
                break;
            EpollItem item = epoll.Taken[0];
            await epoll.AwaitAnswers(context, 1);
            epoll.Taken.Clear();
            isReady = item.Ready != PollEvents.None;
            if (item.IsGone)
                epoll.Remove(item);
            else if (isReady && !item.IsListed)
                epoll.List(item, first: true);
        }
        epoll.Leave();
        return isReady ? (long)Readable : 0;
    }

    private static EpollInstance EpollOf(EvlFile file) => (EpollInstance)file.PrivateData!; // set by Open

    private async IoTask Control(IoCall call, EpollInstance epoll)
    {
        Call under = call.Call!; // a handler runs for a call
        var op = (EpollOp)under.Argument;
        int fd = (int)under.Argument2;
        OpenFileRef file = under.NewFile!; // the table resolved it
        EpollEvent @event = ((PollArguments)under.Object!).Event ?? default; // tested by the in-band stage
        bool isExclusive = op != EpollOp.Del && (@event.Events & PollEvents.EpollExclusive) != 0;
        if (isExclusive && (op == EpollOp.Mod || _epolls.ContainsKey(file) || (@event.Events & ~ExclusiveOk) != 0))
            return Errno.EINVAL;
        await epoll.Enter(call);
        SysResult result = op switch
        {
            EpollOp.Add => await Add(call, epoll, file, fd, @event),
            EpollOp.Mod => await Change(call, epoll, file, fd, @event),
            EpollOp.Del => await Delete(call, epoll, file, fd),
            _ => Errno.EINVAL,
        };
        epoll.Leave();
        return result;
    }

    private async IoTask Add(IoCall call, EpollInstance epoll, OpenFileRef file, int fd, EpollEvent @event)
    {
        if (_epolls.TryGetValue(file, out EpollInstance? nested)
            && (LeadsTo(nested, epoll) || ChainAbove(epoll) + ChainBelow(nested) > MaxChain))
            return Errno.ELOOP;
        if (epoll.Items.ContainsKey((file, fd)))
            return Errno.EEXIST;
        if (epoll.User.Watches >= call.Device.Context.MaxEpollWatches)
            return Errno.ENOSPC;
        if (call.ShouldFail(FaultPoint.Allocation))
            return Errno.ENOMEM;
        var item = new EpollItem(epoll, call.Device.Self, file, fd);
        epoll.Add(item);
        return await Ask(call, epoll, item, @event);
    }

    private static async IoTask Change(IoCall call, EpollInstance epoll, OpenFileRef file, int fd, EpollEvent @event)
    {
        if (!epoll.Items.TryGetValue((file, fd), out EpollItem? item))
            return Errno.ENOENT;
        return item.IsExclusive ? Errno.EINVAL : await Ask(call, epoll, item, @event);
    }

    // Readiness is evaluated at once. The call holds the file, so it is gone only when the machine ends.
    private static async IoTask Ask(IoCall call, EpollInstance epoll, EpollItem item, EpollEvent @event)
    {
        item.Change(@event);
        item.Ask(call.Caller);
        await epoll.AwaitAnswers(call, 1);
        if (item.IsGone)
            epoll.Remove(item);
        else if (item.Ready != PollEvents.None)
            epoll.MayBeReady(item);
        return 0;
    }

    private static async IoTask Delete(IoCall call, EpollInstance epoll, OpenFileRef file, int fd)
    {
        if (!epoll.Items.TryGetValue((file, fd), out EpollItem? item))
            return Errno.ENOENT;
        item.Forget();
        await epoll.AwaitAnswers(call, 1);
        // Not before: what happened until now has listed it.
        epoll.Remove(item);
        return 0;
    }

    private static async IoTask Wait(IoCall call, EpollInstance epoll)
    {
        Call under = call.Call!; // a handler runs for a call
        UserArray<EpollEvent> events = ((PollArguments)under.Object!).Events; // tested by the in-band stage
        long timeoutNs = under.Argument * 1_000_000;
        EvlTimeout timeout = timeoutNs < 0 ? EvlTimeout.Infinite : EvlTimeout.Until(call.Device.Engine.MonotonicNs + timeoutNs);
        bool isLast = timeoutNs == 0;
        while (true)
        {
            if (epoll.MayHaveReady)
            {
                SysResult reported = await Report(call, epoll, events);
                if (reported != 0)
                    return reported;
            }
            if (isLast)
                return 0;
            if (epoll.MayHaveReady)
                continue;
            SysResult woken = await epoll.Waiters.Begin(call, interruptible: true, timeout, first: false, exclusive: true);
            isLast = woken == Errno.ETIMEDOUT;
            if (woken.IsError && !isLast)
                return woken == Errno.ERESTARTSYS ? Errno.EINTR : woken;
        }
    }

    // Each one that may be ready is asked at most once, so that a scan ends; those not looked at stay first.
    private static async IoTask Report(IoCall call, EpollInstance epoll, UserArray<EpollEvent> events)
    {
        await epoll.Enter(call);
        int count = 0;
        bool faults = false;
        for (int left = epoll.ListedCount; left > 0 && count < events.Count && !faults;)
        {
            epoll.Take((int)Math.Min(left, events.Count - count), call.Caller);
            left -= epoll.Taken.Count;
            if (epoll.Taken.Count == 0)
                break;
            await epoll.AwaitAnswers(call, epoll.Taken.Count);
            foreach (EpollItem item in epoll.Taken)
            {
                if (item.IsGone)
                    epoll.Remove(item);
                if (item.Ready is var ready && ready == PollEvents.None)
                    continue;
                faults |= count >= events.Memory.Length;
                if (faults)
                {
                    if (!item.IsListed)
                        epoll.List(item, first: true);
                    continue;
                }
                UserSpan.Of(events.Memory)[count++] = new EpollEvent(ready, item.Event.Data);
                if (item.IsOneShot)
                    item.IsDisabled = true;
                else if (!item.IsEdgeTriggered && !item.IsListed)
                    epoll.List(item, first: false);
            }
            epoll.Taken.Clear();
        }
        epoll.Leave();
        return count == 0 && faults ? Errno.EFAULT : count;
    }

    private bool LeadsTo(EpollInstance from, EpollInstance to) =>
        from == to || Nested(from).Any(nested => LeadsTo(nested, to));

    private int ChainBelow(EpollInstance epoll) => 1 + Nested(epoll).Select(ChainBelow).DefaultIfEmpty().Max();

    private int ChainAbove(EpollInstance epoll) =>
        1 + _epolls.Values.Where(outer => Nested(outer).Contains(epoll)).Select(ChainAbove).DefaultIfEmpty().Max();

    private IEnumerable<EpollInstance> Nested(EpollInstance epoll)
    {
        foreach ((OpenFileRef file, _) in epoll.Items.Keys)
        {
            if (_epolls.TryGetValue(file, out EpollInstance? nested))
                yield return nested;
        }
    }
}

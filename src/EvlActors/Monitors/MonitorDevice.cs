using EvlActors.Drivers;

namespace EvlActors.Monitors;

/// <summary>
/// What semaphores and flags have in common: elements of class monitor that out-of-band threads wait for and either stage posts.
/// Counterpart of the ungated part of <c>struct evl_monitor</c> (kernel/evl/monitor.c).
/// </summary>
internal abstract class MonitorDevice(EventProtocol protocol) : CharDevice
{
    /// <summary>The class of the elements: semaphores and flags share their names with EVL's mutexes and events.</summary>
    internal const string Class = "monitor";

    /// <summary>Those who wait, by priority. A wake-up brings what its waiter waited for: nobody overtakes it.</summary>
    protected WaitQueue Waiters { get; } = new();

    /// <summary>Those who poll it, on either stage.</summary>
    protected PollHead Pollers { get; } = new();

    /// <summary>What a poller finds now.</summary>
    protected abstract PollEvents Ready { get; }

    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        call.File.Stream();
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override async IoTask Release(IoCall call)
    {
        // As the core does: each release, not only the last one's, ends the waits for the whole element.
        Waiters.Flush();
        await call.File.ReleaseOob();
        return 0;
    }

    /// <inheritdoc/>
    protected internal override IoTask Ioctl(IoCall call) => Request(call);

    /// <inheritdoc/>
    protected internal override IoTask CompatIoctl(IoCall call) => Request(call);

    /// <inheritdoc/>
    protected internal override IoTask OobIoctl(IoCall call) => Request(call);

    /// <inheritdoc/>
    protected internal override IoTask CompatOobIoctl(IoCall call) => Request(call);

    /// <inheritdoc/>
    protected internal override PollEvents Poll(PollTable table)
    {
        table.Watch(Pollers);
        return Ready;
    }

    /// <inheritdoc/>
    protected internal override PollEvents OobPoll(PollTable table) => Poll(table);

    /// <summary>Takes what is asked for if it is there.</summary>
    /// <returns>What was taken; EAGAIN.</returns>
    protected abstract SysResult TryTake(int bits, bool exact);

    /// <summary>Gives to the first waiter that it satisfies, or keeps it.</summary>
    protected abstract SysResult Post(int bits);

    /// <summary>Gives to, or wakes, everybody who waits.</summary>
    protected abstract SysResult Broadcast(int bits);

    /// <summary>The value.</summary>
    protected abstract SysResult Peek();

    private IoTask Request(IoCall call)
    {
        var request = new MonitorRequest(call.Argument);
        if (request.Protocol != EventProtocol.Any && request.Protocol != protocol)
            return SysResult.Error(Errno.EINVAL);
        return call.Command switch
        {
            MonitorCommand.Wait or MonitorCommand.WaitExact when call.IsOutOfBand =>
                Wait(call, request.Bits, call.Command == MonitorCommand.WaitExact),
            MonitorCommand.TryWait => TryTake(request.Bits, exact: false),
            MonitorCommand.TryWaitExact => TryTake(request.Bits, exact: true),
            MonitorCommand.Signal => Post(request.Bits),
            MonitorCommand.Broadcast => Broadcast(request.Bits),
            MonitorCommand.Peek => Peek(),
            MonitorCommand.Bind => SysResult.Ok(),
            _ => SysResult.Error(Errno.ENOTTY),
        };
    }

    private IoTask Wait(IoCall call, int bits, bool exact)
    {
        SysResult taken = TryTake(bits, exact);
        if (taken != Errno.EAGAIN || call.NonBlocking)
            return taken;
        // The date matters, and is looked at, only now.
        long dateNs = call.Call!.Argument3; // a handler runs for a call
        return dateNs < 0 ? SysResult.Error(Errno.EINVAL) : Sleep(call, bits, exact, EvlTimeout.Until(dateNs));
    }

    private async IoTask Sleep(IoCall call, int bits, bool exact, EvlTimeout timeout)
    {
        call.Wanted = bits;
        call.WantsAll = exact;
        return await Waiters.Wait(call, timeout);
    }
}

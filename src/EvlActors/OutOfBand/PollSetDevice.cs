using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.OutOfBand;

/// <summary>
/// EVL's poll sets: one device for the machine, each open file a set, so that how sets are nested is known in one place.
/// Counterpart of kernel/evl/poll.c.
/// </summary>
internal sealed class PollSetDevice : CharDevice
{
    internal const string Path = "/dev/evl/poll";

    /// <summary>EVL_POLLIOC_CTL: _IOW('P', 0, 24 bytes).</summary>
    internal const uint Control = 0x40185000;

    /// <summary>EVL_POLLIOC_WAIT: _IOWR('P', 1, 24 bytes).</summary>
    internal const uint Wait = 0xc0185001;

    internal const long ActionAdd = 0;
    internal const long ActionDel = 1;
    internal const long ActionMod = 2;

    private const PollEvents Unasked = PollEvents.Err | PollEvents.Hup;

    // The new item is at depth 0, and nothing that it leads to may be deeper than this.
    private const int MaxDepth = 3;

    private readonly Dictionary<OpenFileRef, PollSet> _sets = [];
    private readonly Stack<PollSetWait> _spareWaits = [];

    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        call.File.Stream();
        var set = new PollSet(call.File.Ref);
        _sets.Add(set.File, set);
        call.File.PrivateData = set;
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override async IoTask Release(IoCall call)
    {
        PollSet set = SetOf(call);
        set.Sleepers.Flush();
        await call.File.ReleaseOob();
        _sets.Remove(set.File);
        return 0;
    }

    /// <inheritdoc/>
    protected internal override IoTask OobIoctl(IoCall call) => call.Command switch
    {
        Control => Change(call, SetOf(call)),
        Wait => WaitFor(call, SetOf(call)),
        _ => SysResult.Error(Errno.ENOTTY),
    };

    /// <inheritdoc/>
    protected internal override IoTask CompatOobIoctl(IoCall call) => OobIoctl(call);

    private static PollSet SetOf(IoCall call) => (PollSet)call.File.PrivateData!; // set by Open

    // Another request than the library's own is memory that does not hold one.
    private static PollArguments? RequestOf(IoCall call) => call.Call!.Object as PollArguments; // a handler runs for a call

    private async IoTask Change(IoCall call, PollSet set)
    {
        if (RequestOf(call) is not { } request || call.FaultsAt("the request", 1))
            return Errno.EFAULT;
        int fd = request.Fd;
        PollEvents events = (request.Asked | Unasked) & ~PollEvents.Nval;
        long pollval = request.PollVal;
        switch (request.Action)
        {
            case ActionAdd:
                using (EvlFileReference? file = await call.GetFile(fd))
                    return file is null ? Errno.EBADF : call.ShouldFail(FaultPoint.Allocation) ? Errno.ENOMEM : Add(set, new PollSetItem(fd, events, pollval, file.File));
            case ActionDel:
                return set.Items.RemoveAll(item => item.Fd == fd) == 0 ? Errno.ENOENT : 0;
            case ActionMod:
                int at = set.IndexOf(fd);
                if (at < 0)
                    return Errno.ENOENT;
                set.Items[at] = set.Items[at] with { Events = events, PollVal = pollval };
                return 0;
            default:
                return Errno.EINVAL;
        }
    }

    private SysResult Add(PollSet set, PollSetItem item)
    {
        if (!MayLeadTo(item.File, set, depth: 0))
            return Errno.ELOOP;
        if (set.IndexOf(item.Fd) >= 0)
            return Errno.EEXIST;
        set.Items.Add(item);
        return 0;
    }

    // Downwards only, so a chain that is built from its top may become deeper.
    private bool MayLeadTo(OpenFileRef file, PollSet set, int depth)
    {
        if (file == set.File || depth > MaxDepth)
            return false;
        return !_sets.TryGetValue(file, out PollSet? nested)
            || nested.Items.TrueForAll(item => MayLeadTo(item.File, set, depth + 1));
    }

    private async IoTask WaitFor(IoCall call, PollSet set)
    {
        if (RequestOf(call) is not { Date: { } date } request || call.FaultsAt("the request", 1))
            return Errno.EFAULT;
        if (!date.IsValid)
            return Errno.EINVAL;
        UserArray<EvlPollEvent> wanted = request.Set;
        if (wanted.Count <= 0)
            return wanted.Count < 0 ? Errno.EINVAL : 0;
        if (set.Items.Count == 0)
            return Errno.EINVAL;
        PollSetWait wait = _spareWaits.Count > 0 ? _spareWaits.Pop() : new PollSetWait(call.Device.Self, call.Device.Context.OobStage);
        wait.Take(call, set);
        SysResult result;
        do
            result = await Once(call, set, wait, wanted, EvlTimeout.Until(date.Ns));
        while (result == 0);
        _spareWaits.Push(wait);
        return result;
    }

    // 0: something happened that is no event of the set; it is asked again.
    private static async IoTask Once(IoCall call, PollSet set, PollSetWait wait, UserArray<EvlPollEvent> wanted, EvlTimeout timeout)
    {
        wait.Ask(call.Call!); // a handler runs for a call
        await call.Device.Waits.AwaitAnswers(call);
        SysResult result = wait.Ready(wanted);
        bool isAsleep = result == 0 && !call.NonBlocking;
        if (isAsleep)
            result = await wait.Sleep(set, timeout);
        else if (result == 0)
            result = Errno.EAGAIN;
        wait.Forget();
        if (wait.IsAsked)
            await call.Device.Waits.AwaitAnswers(call);
        return isAsleep && !result.IsError ? wait.Happened(wanted) : result;
    }
}

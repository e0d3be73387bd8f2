using System.Buffers.Binary;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>
/// The element of an attached thread, as a file: requests to that thread, from either stage. Counterpart of
/// <c>struct evl_thread</c> in its role of an element. It outlives the attachment while files are open; requests then give ESTALE.
/// </summary>
internal sealed class ThreadElement(ThreadInfo thread, int attachment) : CharDevice
{
    private const int StateBytes = 48;
    private const int PeriodBytes = 4 * sizeof(long);

    private readonly byte[] _overruns = new byte[sizeof(long)];
    private EvlPeriod? _period;
    private EvlFile? _waiting;

    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        call.File.Stream();
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override IoTask Ioctl(IoCall call) => Request(call);

    /// <inheritdoc/>
    protected internal override IoTask CompatIoctl(IoCall call) => Request(call);

    /// <inheritdoc/>
    protected internal override IoTask OobIoctl(IoCall call) => call.Command switch
    {
        ThreadCommand.SetPeriod => SetPeriod(call),
        ThreadCommand.WaitPeriod => WaitPeriod(call),
        _ => Request(call),
    };

    /// <inheritdoc/>
    protected internal override IoTask CompatOobIoctl(IoCall call) => OobIoctl(call);

    /// <inheritdoc/>
    protected internal override async IoTask Release(IoCall call)
    {
        if (_waiting == call.File)
            _period!.Flush(); // who waits has one
        await call.File.ReleaseOob();
        return 0;
    }

    // Of the caller's own attachment, which can't change while its call is here.
    private Errno CheckSelf(IoCall call) =>
        thread.Attachment != attachment ? Errno.ESTALE : call.Tid != thread.Tid ? Errno.EPERM : Errno.None;

    private SysResult SetPeriod(IoCall call)
    {
        if (CheckSelf(call) is var refused and not Errno.None)
            return refused;
        Span<byte> argument = stackalloc byte[PeriodBytes];
        if (call.RawCopyFromUser(argument) != 0)
            return Errno.EFAULT;
        EvlTimespec first = EvlTimespec.Read(argument);
        EvlTimespec period = EvlTimespec.Read(argument[(PeriodBytes / 2)..]);
        if (!first.IsValid || !period.IsValid)
            return Errno.EINVAL;
        return (_period ??= new EvlPeriod(call.Device)).Set(first.Ns, period.Ns);
    }

    private async IoTask WaitPeriod(IoCall call)
    {
        if (CheckSelf(call) is var refused and not Errno.None)
            return refused;
        if (_period is not { } period)
            return Errno.EAGAIN;
        _waiting = call.File;
        SysResult result = await period.Wait(call);
        _waiting = null;
        if (call.Count == 0 || (result.IsError && result.Errno != Errno.ETIMEDOUT))
            return result;
        BinaryPrimitives.WriteInt64LittleEndian(_overruns, period.Overruns);
        return call.RawCopyToUser(_overruns) == 0 ? result : Errno.EFAULT;
    }

    private async IoTask Request(IoCall call)
    {
        bool setsMode = call.Command is ThreadCommand.SetMode or ThreadCommand.ClearMode;
        byte[] argument = setsMode ? new byte[sizeof(uint)] : call.Command == ThreadCommand.GetState ? new byte[StateBytes] : [];
        if (setsMode && call.RawCopyFromUser(argument) != 0)
            return Errno.EFAULT;
        var mode = setsMode ? (EvlThreadMode)BinaryPrimitives.ReadUInt32LittleEndian(argument) : default;
        (SysResult result, EvlThreadStatistics statistics) = await call.AskThread(thread, attachment, mode);
        if (result.IsError || argument.Length == 0)
            return result;
        if (setsMode)
            BinaryPrimitives.WriteUInt32LittleEndian(argument, (uint)result.Value);
        else
            Write(statistics, argument);
        return call.RawCopyToUser(argument) == 0 ? 0 : Errno.EFAULT;
    }

    // struct evl_thread_state: policy, priority and the reserve of its union, then cpu, state, isw, csw, sc, rwa and xtime.
    private void Write(EvlThreadStatistics statistics, Span<byte> to)
    {
        Span<uint> words =
        [
            (uint)thread.Policy, (uint)thread.Priority, 0, 0, 0, (uint)statistics.State, (uint)statistics.InBandSwitches,
            (uint)statistics.ContextSwitches, (uint)statistics.Syscalls, (uint)statistics.RemoteWakeUps,
        ];
        for (int i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(to[(i * sizeof(uint))..], words[i]);
        BinaryPrimitives.WriteInt64LittleEndian(to[(words.Length * sizeof(uint))..], statistics.ExecutionTimeNs);
    }
}

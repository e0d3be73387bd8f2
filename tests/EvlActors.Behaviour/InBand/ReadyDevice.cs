using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A device that is ready for what it is told, and wakes whom it is told to.</summary>
internal sealed class ReadyDevice : CharDevice
{
    /// <summary>Sets what it is ready for; wakes nobody.</summary>
    internal const uint Set = 1;

    /// <summary>Wakes pollers with a key.</summary>
    internal const uint Wake = 2;

    /// <summary>Sets what it is ready for and wakes pollers with that.</summary>
    internal const uint SetAndWake = 3;

    /// <summary>From now on its poll operations throw.</summary>
    internal const uint Break = 4;

    private readonly WaitQueueHead _queue = new();
    private readonly WaitQueue _evlQueue = new();
    private readonly PollHead _head = new();
    private PollEvents _mask;
    private bool _isBroken;

    /// <summary>How often its in-band poll operation was called.</summary>
    internal int Polls { get; private set; }

    /// <summary>How many files were released.</summary>
    internal int Releases { get; private set; }

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override async IoTask Release(IoCall call)
    {
        await call.File.ReleaseOob();
        Releases++;
        return 0;
    }

    protected internal override IoTask Ioctl(IoCall call)
    {
        var events = (PollEvents)call.Argument;
        _isBroken |= call.Command == Break;
        if (call.Command != Wake)
            _mask = events;
        if (call.Command is Wake or SetAndWake)
        {
            _queue.WakeUpInterruptible(events);
            _head.Signal(events);
            if (call.Command == Wake)
                _evlQueue.WakeAll();
        }
        return SysResult.Ok();
    }

    protected internal override PollEvents Poll(PollTable table)
    {
        Polls++;
        if (_isBroken)
            throw new InvalidOperationException("planted");
        table.PollWait(_queue);
        table.PollWait(_queue);
        return _mask;
    }

    protected internal override PollEvents OobPoll(PollTable table)
    {
        if (_isBroken)
            throw new InvalidOperationException("planted");
        table.Watch(_head);
        table.PollWait(_evlQueue);
        return _mask;
    }
}

using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver whose ioctls are Linux's ways to sleep and to wake; what they wait for is said by another one.</summary>
internal sealed class SleepDevice : CharDevice
{
    internal const uint Wait = 1, WaitInterruptible = 2, WaitExclusive = 3, WaitInterruptibleExclusive = 4;
    internal const uint WaitTimeout = 5, WaitInterruptibleTimeout = 6, Manual = 7, ManualExclusive = 8, ManualUninterruptible = 9;
    internal const uint WakenBeforeSchedule = 10, TrueAfterPrepare = 11, WaitThenInterruptible = 12;
    internal const uint SetItems = 20, WakeUp = 21, WakeUpNr = 22, WakeUpAll = 23, WakeUpInterruptible = 24, WakeUpInterruptibleNr = 25;
    internal const uint WakeUpInterruptibleAll = 26, WakeUpSync = 27, WakeUpInterruptibleSync = 28, WakeUpTwice = 29, IsActive = 30;

    private readonly WaitQueueHead _queue = new();
    private long _items;

    /// <summary>The callers in the order in which their sleeps ended.</summary>
    internal List<int> Left { get; } = [];

    /// <summary>How many items are left.</summary>
    internal long Items => _items;

    protected internal override IoTask Ioctl(IoCall call) => call.Command >= SetItems ? WakeBy(call) : SleepBy(call);

    private bool HasItem() => _items > 0;

    private async IoTask SleepBy(IoCall call)
    {
        int tid = call.Tid;
        SysResult result = call.Command switch
        {
            Wait => await _queue.WaitEvent(call, HasItem),
            WaitInterruptible => await _queue.WaitEventInterruptible(call, HasItem),
            WaitExclusive => await _queue.WaitEventExclusive(call, HasItem),
            WaitInterruptibleExclusive => await _queue.WaitEventInterruptibleExclusive(call, HasItem),
            WaitTimeout => await _queue.WaitEventTimeout(call, HasItem, call.Argument),
            WaitInterruptibleTimeout => await _queue.WaitEventInterruptibleTimeout(call, HasItem, call.Argument),
            Manual => await ByHand(call, interruptible: true, exclusive: false),
            ManualExclusive => await ByHand(call, interruptible: true, exclusive: true),
            ManualUninterruptible => await ByHand(call, interruptible: false, exclusive: false),
            WakenBeforeSchedule => await WakeThenSchedule(call),
            TrueAfterPrepare => FindTrue(call),
            _ => await TwoWaits(call),
        };
        Left.Add(tid);
        if (result.IsSuccess)
            _items--;
        return result;
    }

    // LDD3's advanced sleeping, as it stands there.
    private async IoTask ByHand(IoCall call, bool interruptible, bool exclusive)
    {
        var wait = new WaitQueueEntry(call);
        while (true)
        {
            if (exclusive)
                _queue.PrepareToWaitExclusive(wait, interruptible);
            else
                _queue.PrepareToWait(wait, interruptible);
            if (HasItem())
                break;
            if (await wait.Schedule() is not { IsError: true } interrupted)
                continue;
            _queue.FinishWait(wait);
            return interrupted;
        }
        _queue.FinishWait(wait);
        return 0;
    }

    private async IoTask WakeThenSchedule(IoCall call)
    {
        var wait = new WaitQueueEntry(call);
        _queue.PrepareToWait(wait);
        _queue.WakeUp();
        SysResult woken = await wait.Schedule();
        _queue.FinishWait(wait);
        return woken;
    }

    private SysResult FindTrue(IoCall call)
    {
        var wait = new WaitQueueEntry(call);
        _queue.PrepareToWaitExclusive(wait);
        bool wasActive = _queue.IsActive;
        _queue.FinishWait(wait);
        return wasActive && !_queue.IsActive ? 0 : Errno.EIO;
    }

    // A signal that comes during the first is pending when the second is asked for.
    private async IoTask TwoWaits(IoCall call)
    {
        await _queue.WaitEvent(call, HasItem);
        return await _queue.WaitEventInterruptible(call, () => _items > call.Argument);
    }

    private IoTask WakeBy(IoCall call)
    {
        switch (call.Command)
        {
            case SetItems:
                _items = call.Argument;
                break;
            case WakeUp:
                _queue.WakeUp();
                break;
            case WakeUpNr:
                _queue.WakeUpNr((int)call.Argument);
                break;
            case WakeUpAll:
                _queue.WakeUpAll();
                break;
            case WakeUpInterruptible:
                _queue.WakeUpInterruptible();
                break;
            case WakeUpInterruptibleNr:
                _queue.WakeUpInterruptibleNr((int)call.Argument);
                break;
            case WakeUpInterruptibleAll:
                _queue.WakeUpInterruptibleAll();
                break;
            case WakeUpSync:
                _queue.WakeUpSync();
                break;
            case WakeUpInterruptibleSync:
                _queue.WakeUpInterruptibleSync();
                break;
            case WakeUpTwice:
                _queue.WakeUp();
                _queue.WakeUp();
                break;
            case IsActive:
                return SysResult.Ok(_queue.IsActive ? 1 : 0);
            default:
                return SysResult.Error(Errno.ENOTTY);
        }
        return SysResult.Ok();
    }
}

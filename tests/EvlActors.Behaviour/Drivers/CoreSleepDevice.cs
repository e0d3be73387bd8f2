using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver whose ioctls are the EVL core's ways to sleep and to wake.</summary>
internal sealed class CoreSleepDevice : CharDevice
{
    internal const uint Down = 1, DownUntil = 2, TryDown = 3, Up = 4, Broadcast = 5, Destroy = 6;
    internal const uint FlagWait = 10, FlagRaise = 11, FlagClear = 12, FlagRead = 13, FlagPeek = 14, FlagFlush = 15, FlagTry = 16;
    internal const uint Event = 20, EventAfter = 21, EventUntil = 22, EventNonBlock = 23, SetEvent = 24, WakeEvent = 25, BroadcastEvent = 26, FlushEvent = 27;

    private readonly EvlSemaphore _semaphore = new(2);
    private readonly EvlFlag _flag = new();
    private readonly WaitQueue _queue = new();
    private bool _event;

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    protected internal override IoTask Ioctl(IoCall call) => OobIoctl(call);

    protected internal override IoTask OobIoctl(IoCall call) => call.Command switch
    {
        Down => _semaphore.Down(call),
        DownUntil => _semaphore.Down(call, EvlTimeout.Until(call.Argument)),
        FlagWait => _flag.Wait(call),
        FlagTry => _flag.Wait(call, EvlTimeout.NonBlock),
        Event => _queue.WaitEvent(call, () => _event),
        EventAfter => _queue.WaitEvent(call, () => _event, EvlTimeout.After(call.Argument)),
        EventUntil => _queue.WaitEvent(call, () => _event, EvlTimeout.Until(call.Argument)),
        EventNonBlock => _queue.WaitEvent(call, () => _event, EvlTimeout.NonBlock),
        _ => Now(call),
    };

    private SysResult Now(IoCall call)
    {
        switch (call.Command)
        {
            case TryDown:
                return _semaphore.TryDown();
            case Up:
                _semaphore.Up();
                return 0;
            case Broadcast:
                _semaphore.Broadcast();
                return 0;
            case Destroy:
                _semaphore.Destroy();
                return 0;
            case FlagRaise:
                _flag.Raise();
                return 0;
            case FlagClear:
                _flag.Clear();
                return 0;
            case FlagRead:
                return _flag.Read() ? 1 : 0;
            case FlagPeek:
                return _flag.IsRaised ? 1 : 0;
            case FlagFlush:
                _flag.Flush();
                return 0;
            case SetEvent:
                _event = call.Argument != 0;
                return 0;
            case WakeEvent:
                _queue.WakeAll();
                return 0;
            case BroadcastEvent:
                _queue.WakeAll(result: 1);
                return 0;
            case FlushEvent:
                _queue.Flush();
                return 0;
            default:
                return Errno.ENOTTY;
        }
    }
}

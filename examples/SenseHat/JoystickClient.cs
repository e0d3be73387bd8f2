using EvlActors;
using EvlActors.Drivers;

namespace SenseHat;

/// <summary>What one open joystick file has not read yet. Each file hears of every event.</summary>
internal sealed class JoystickClient
{
    /// <summary>How many events are kept.</summary>
    public const int Capacity = 64;

    private readonly JoystickEvent[] _events = new JoystickEvent[Capacity];
    private readonly Func<bool> _hasEvents;
    private int _first;
    private int _count;

    public JoystickClient() => _hasEvents = () => _count > 0;

    public bool HasEvents => _count > 0;

    public WaitQueueHead Readers { get; } = new();

    public FasyncList Async { get; } = new();

    /// <summary>Adds an event and tells of it. A reader that is too slow loses all that was kept, and is told so by an event.</summary>
    public void Add(JoystickEvent happened, long timeNs)
    {
        if (_count == Capacity)
        {
            _count = 0;
            Put(JoystickEvent.Dropped(timeNs));
        }
        Put(happened);
        Readers.WakeUpInterruptible(PollEvents.In | PollEvents.RdNorm);
        Async.KillFasync(Signal.SIGIO, PollCode.In);
    }

    /// <summary>Takes the oldest.</summary>
    public JoystickEvent Take()
    {
        JoystickEvent oldest = _events[_first];
        _first = (_first + 1) % Capacity;
        _count--;
        return oldest;
    }

    public IoTask UntilThereAreEvents(IoCall call) => Readers.WaitEventInterruptible(call, _hasEvents);

    private void Put(JoystickEvent happened) => _events[(_first + _count++) % Capacity] = happened;
}

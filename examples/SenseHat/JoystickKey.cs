namespace SenseHat;

/// <summary>The joystick's keys, by their codes in events (linux/input-event-codes.h).</summary>
internal enum JoystickKey : ushort
{
    None = 0,
    Enter = 28,
    Up = 103,
    Left = 105,
    Right = 106,
    Down = 108,
}

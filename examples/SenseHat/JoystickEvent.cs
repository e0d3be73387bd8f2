using System.Runtime.InteropServices;

namespace SenseHat;

/// <summary>What a joystick file is read in: <c>struct input_event</c> of a 64-bit system, 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct JoystickEvent
{
    /// <summary>Its bytes.</summary>
    public const int Size = 24;

    private const int NsPerUs = 1000;
    private const int UsPerS = 1_000_000;
    private const ushort KeyType = 1;
    private const ushort DroppedCode = 3;

    private readonly long _seconds;
    private readonly long _microseconds;
    private readonly ushort _type;
    private readonly ushort _code;
    private readonly int _value;

    private JoystickEvent(long timeNs, ushort type, ushort code, int value)
    {
        (_seconds, _microseconds) = Math.DivRem(timeNs / NsPerUs, UsPerS);
        _type = type;
        _code = code;
        _value = value;
    }

    /// <summary>When it happened, in microseconds of the machine's monotonic clock.</summary>
    public long TimeUs => (_seconds * UsPerS) + _microseconds;

    /// <summary>Whether it is no key's but says that events before it were lost (SYN_DROPPED).</summary>
    public bool IsDropped => _type == 0 && _code == DroppedCode;

    /// <summary>The key; none if <see cref="IsDropped"/>.</summary>
    public JoystickKey Key => _type == KeyType ? (JoystickKey)_code : JoystickKey.None;

    /// <summary>Whether the key went down.</summary>
    public bool IsPressed => _value == 1;

    /// <summary>A key went down or up.</summary>
    public static JoystickEvent OfKey(long timeNs, JoystickKey key, bool isPressed) => new(timeNs, KeyType, (ushort)key, isPressed ? 1 : 0);

    /// <summary>Events before this one were lost.</summary>
    public static JoystickEvent Dropped(long timeNs) => new(timeNs, 0, DroppedCode, 0);
}

using EvlActors;

namespace SenseHat;

/// <summary>Adds the board's devices to a machine.</summary>
internal static class SenseHatModule
{
    /// <summary>The pixels.</summary>
    public const string Matrix = "/dev/ledmatrix";

    /// <summary>The matrix as a terminal.</summary>
    public const string Terminal = "/dev/ledterm";

    /// <summary>The joystick's events.</summary>
    public const string Joystick = "/dev/joystick";

    /// <summary>What the board says of the joystick's keys.</summary>
    public const string Keys = "/dev/joykeys";

    /// <summary>Adds them.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="panel">The LEDs.</param>
    public static void Add(EvlMachine machine, ILedPanel panel)
    {
        machine.AddDevices(
            [Matrix, Terminal], machine.AllocChrdevRegion(MatrixDevice.Minors, "ledmatrix"), () => new MatrixDevice(panel));
        DeviceNumber joystick = machine.AllocChrdevRegion(JoystickDevice.Minors, "joystick");
        machine.AddDevices([Joystick, Keys], joystick, () => new JoystickDevice());
    }
}

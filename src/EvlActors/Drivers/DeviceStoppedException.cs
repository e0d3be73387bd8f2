namespace EvlActors.Drivers;

/// <summary>
/// Thrown into a handler that goes on waiting although its device has failed (its call answers EIO) or its file is being released
/// (EIDRM); the machine catches it.
/// </summary>
public sealed class DeviceStoppedException : Exception
{
    private DeviceStoppedException(string message)
        : base(message)
    {
    }

    internal static DeviceStoppedException Failed(string device) =>
        new($"Device {device} has failed: its handlers can't wait any more. Return the error of the first refused wait.");

    internal static DeviceStoppedException Releasing(string device) =>
        new($"A file of {device} is being released: its oob calls can't wait any more. Return the error of the first refused wait.");
}

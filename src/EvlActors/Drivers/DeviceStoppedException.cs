namespace EvlActors.Drivers;

/// <summary>Thrown into a handler that goes on waiting although its device has failed; the machine catches it.</summary>
public sealed class DeviceStoppedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="device">The device's name.</param>
    public DeviceStoppedException(string device)
        : base($"Device {device} has failed: its handlers can't wait any more. Return the error of the first refused wait.")
    {
    }
}

namespace EvlActors.Akka.Devices;

/// <summary>ioctl or oob_ioctl: answer ENOTTY to a command that the device does not have.</summary>
/// <param name="File">The open file.</param>
/// <param name="Command">The command word.</param>
/// <param name="Argument">The argument, a value.</param>
/// <param name="IsOob">Whether it is oob_ioctl.</param>
public sealed record DeviceIoctl(long File, uint Command, long Argument, bool IsOob) : DeviceRequest(File);

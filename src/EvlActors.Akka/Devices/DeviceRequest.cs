namespace EvlActors.Akka.Devices;

/// <summary>
/// What a machine asks of an Akka actor that is one of its devices: one record for each of the file operations. Answer each,
/// at any time, with a <see cref="DeviceReply"/> to the sender; a <c>Status.Failure</c> is EIO.
/// </summary>
/// <param name="File">The open file, as the machine's events number it.</param>
public abstract record DeviceRequest(long File);

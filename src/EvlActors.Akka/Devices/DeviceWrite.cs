namespace EvlActors.Akka.Devices;

/// <summary>write or oob_write: answer with how many bytes were taken.</summary>
/// <param name="File">The open file.</param>
/// <param name="Data">The bytes, a copy that the actor may keep.</param>
/// <param name="NonBlocking">Whether EAGAIN is wanted instead of waiting.</param>
/// <param name="IsOob">Whether it is oob_write.</param>
public sealed record DeviceWrite(long File, ReadOnlyMemory<byte> Data, bool NonBlocking, bool IsOob) : DeviceRequest(File);

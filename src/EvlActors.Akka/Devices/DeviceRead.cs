namespace EvlActors.Akka.Devices;

/// <summary>read or oob_read: answer with <see cref="DeviceReply.Bytes"/>, now or when there are some.</summary>
/// <param name="File">The open file.</param>
/// <param name="Count">How many bytes at most.</param>
/// <param name="NonBlocking">Whether EAGAIN is wanted instead of waiting.</param>
/// <param name="IsOob">Whether it is oob_read.</param>
public sealed record DeviceRead(long File, long Count, bool NonBlocking, bool IsOob) : DeviceRequest(File);

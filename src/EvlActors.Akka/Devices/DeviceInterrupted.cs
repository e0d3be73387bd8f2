namespace EvlActors.Akka.Devices;

/// <summary>
/// Whoever made a request waits no longer, because of a signal, a kill or the file's release: forget it. Not answered; an answer
/// to the request that crosses this message is dropped.
/// </summary>
/// <param name="Request">The request.</param>
public sealed record DeviceInterrupted(DeviceRequest Request);

namespace EvlActors.Akka.Devices;

/// <summary>release: the file is gone; no call of it is under way on either stage. The reply's result is ignored.</summary>
/// <param name="File">The open file.</param>
public sealed record DeviceRelease(long File) : DeviceRequest(File);

namespace EvlActors.Akka.Devices;

/// <summary>open: a new open file. An error refuses it.</summary>
/// <param name="File">The open file.</param>
/// <param name="Flags">What it is opened with.</param>
/// <param name="Pid">The process.</param>
public sealed record DeviceOpen(long File, OpenFlags Flags, int Pid) : DeviceRequest(File);

using System.Runtime.InteropServices;

namespace WorkerService;

/// <summary>What the sensor measured, and when, in nanoseconds of the machine's monotonic clock. A message, as it lies in memory.</summary>
internal readonly record struct Reading(long TimeNs, double Degrees)
{
    /// <summary>Its size in buffers.</summary>
    internal const int Bytes = sizeof(long) + sizeof(double);

    internal void WriteTo(Span<byte> bytes) => MemoryMarshal.Write(bytes, in this);
}

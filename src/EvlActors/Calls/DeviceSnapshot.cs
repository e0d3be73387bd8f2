namespace EvlActors;

/// <summary>A device in a <see cref="MachineSnapshot"/>.</summary>
/// <param name="Name">Its name: the node's path, or what the machine calls it.</param>
/// <param name="HasFailed">Whether its driver has thrown: it answers EIO until its last call has ended.</param>
/// <param name="KernelThreads">The kernel threads that it runs.</param>
/// <param name="Rings">The rings of a cross-buffer or a pipe; else none.</param>
public sealed record DeviceSnapshot(
    string Name, bool HasFailed, IReadOnlyList<KernelThreadSnapshot> KernelThreads, IReadOnlyList<RingSnapshot> Rings)
{
    /// <summary>Such as "device /dev/x, failed".</summary>
    /// <returns>The text, without kernel threads and rings.</returns>
    public override string ToString() => $"device {Name}{(HasFailed ? ", failed" : "")}";
}

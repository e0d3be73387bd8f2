using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>What the in-band stage keeps of a process.</summary>
internal sealed class ProcessRecord(MachineContext context)
{
    /// <summary>Its threads that are not dead.</summary>
    internal List<ThreadInfo> Threads { get; } = [];

    /// <summary>The call that ends the process, held until its other threads are dead; null: it lives.</summary>
    internal Call? Exiting { get; set; }

    /// <summary>What it has mapped.</summary>
    internal AddressSpace Memory { get; } = new(context);

    /// <summary>Whether its descriptors are being closed.</summary>
    internal bool IsClosing { get; set; }
}

using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>What the in-band stage keeps of a process.</summary>
internal sealed class ProcessRecord
{
    internal ProcessRecord(MachineContext context, ProcessInfo process)
    {
        Process = process;
        Signals = new ProcessSignals(context, process, Threads);
        Memory = new AddressSpace(context);
    }

    internal ProcessInfo Process { get; }

    /// <summary>Its threads that are not dead; the first is the main thread.</summary>
    internal List<ThreadInfo> Threads { get; } = [];

    internal ProcessSignals Signals { get; }

    /// <summary>The call that ends the process, held until its other threads are dead; null: it lives.</summary>
    internal Call? Exiting { get; set; }

    /// <summary>What it has mapped.</summary>
    internal AddressSpace Memory { get; }

    /// <summary>Whether its descriptors are being closed.</summary>
    internal bool IsClosing { get; set; }

    /// <summary>Whether a signal ends it.</summary>
    internal bool WasKilled { get; set; }

    /// <summary>Whether it has ended.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>A call that asked for its end while a signal ended it: answered when that has happened.</summary>
    internal Call? AwaitsEnd { get; set; }
}

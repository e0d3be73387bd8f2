using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>What the in-band stage keeps of a process, until it has ended and its parent has heard of it.</summary>
internal sealed class ProcessRecord
{
    internal ProcessRecord(MachineContext context, ProcessInfo process, ProcessRecord? parent)
    {
        Process = process;
        Parent = parent;
        Signals = new ProcessSignals(context, process, Threads);
        Memory = new AddressSpace(context);
    }

    internal ProcessInfo Process { get; }

    /// <summary>The process that waits for it; null: nobody does.</summary>
    internal ProcessRecord? Parent { get; set; }

    internal List<ProcessRecord> Children { get; } = [];

    /// <summary>The calls of its threads that wait for children.</summary>
    internal List<Call> Waiting { get; } = [];

    /// <summary>Its threads that are not dead; the first is the main thread.</summary>
    internal List<ThreadInfo> Threads { get; } = [];

    internal ProcessSignals Signals { get; }

    /// <summary>How it ends; null: it lives.</summary>
    internal WaitStatus? Status { get; set; }

    /// <summary>What it has mapped.</summary>
    internal AddressSpace Memory { get; }

    /// <summary>The call that closes its descriptors when it ends.</summary>
    internal Call? Closer { get; set; }

    /// <summary>The exit calls that are answered when it has ended, each with its answer.</summary>
    internal List<(Call Call, SysResult Answer)> Exits { get; } = [];

    /// <summary>The thread of its own that ends it and is dead with the answer; null: all have to be dead before.</summary>
    internal ThreadInfo? ExitingThread { get; set; }

    /// <summary>The call that executes another program, held until the other threads are dead.</summary>
    internal Call? Executing { get; set; }

    /// <summary>Whether that call is on its way: the other threads are dead.</summary>
    internal bool IsReplacing { get; set; }

    /// <summary>Whether it has executed a program since it was forked.</summary>
    internal bool HasExecuted { get; set; }

    /// <summary>Whether its descriptors are being closed, or it is past that.</summary>
    internal bool IsClosing { get; set; }

    /// <summary>Whether it is the last user of its table, which it closes when it ends.</summary>
    internal bool ClosesTable { get; set; }

    /// <summary>Whether it has ended: nothing is left of it but its status.</summary>
    internal bool HasEnded
    {
        get => Process.HasEnded;
        set => Process.HasEnded = value;
    }

    /// <summary>Whether no thread is left but one.</summary>
    internal bool IsAlone(ThreadInfo? but) => Threads.TrueForAll(thread => thread == but);
}

using System.Diagnostics.CodeAnalysis;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>The processes of a machine and their threads, by pid.</summary>
internal sealed class ProcessTable
{
    private readonly Dictionary<int, ProcessRecord> _processes = [];

    /// <summary>All processes, those included that have ended and were not waited for.</summary>
    internal IEnumerable<ProcessRecord> All => _processes.Values;

    internal ProcessRecord? Find(int pid) => _processes.GetValueOrDefault(pid);

    /// <summary>The process of a call; false: it has ended.</summary>
    internal bool TryFind(ProcessInfo process, [NotNullWhen(true)] out ProcessRecord? record) =>
        _processes.TryGetValue(process.Pid, out record);

    internal ProcessRecord Add(ProcessInfo process, ProcessRecord? parent)
    {
        var record = new ProcessRecord(process, parent);
        _processes.Add(process.Pid, record);
        parent?.Children.Add(record);
        return record;
    }

    /// <summary>Forgets a process that has ended and that nobody waits for any more.</summary>
    internal void Remove(ProcessRecord record)
    {
        _processes.Remove(record.Info.Pid);
        record.Parent?.Children.Remove(record);
    }

    /// <summary>A thread was made. One that comes to a process that ends, or executes, goes with those that were there.</summary>
    internal void AddThread(ThreadInfo thread)
    {
        bool lives = TryFind(thread.Process, out ProcessRecord? record) && !record.HasEnded;
        if (lives)
            record!.Threads.Add(thread); // found
        if (!lives || record!.Status is not null || record.Executing is not null)
            thread.Actor.Tell(new KillThread(), Rank.Head);
    }

    internal static void KillOthers(ProcessRecord record, ThreadInfo? but)
    {
        foreach (ThreadInfo thread in record.Threads)
        {
            if (thread != but)
                thread.Actor.Tell(new KillThread(), Rank.Head);
        }
    }
}

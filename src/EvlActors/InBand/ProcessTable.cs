using System.Diagnostics.CodeAnalysis;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>The processes of a machine and their threads, by pid.</summary>
internal sealed class ProcessTable(MachineContext context)
{
    private readonly Dictionary<int, ProcessRecord> _processes = [];

    /// <summary>The processes that have not ended.</summary>
    internal IEnumerable<ProcessRecord> Living => All.Where(process => !process.HasEnded);

    /// <summary>All processes, those included that have ended and were not waited for.</summary>
    internal IEnumerable<ProcessRecord> All => _processes.Values;

    /// <summary>The process of a thread that lives.</summary>
    internal ProcessRecord this[ProcessInfo process] => _processes[process.Pid];

    /// <summary>The process of a number, which may have ended; null: there is none.</summary>
    internal ProcessRecord? Find(int pid) => _processes.GetValueOrDefault(pid);

    /// <summary>The process of a call; false: it has ended.</summary>
    internal bool TryFind(ProcessInfo process, [NotNullWhen(true)] out ProcessRecord? record) =>
        _processes.TryGetValue(process.Pid, out record);

    /// <summary>The processes of a group, those included that have ended and were not waited for.</summary>
    internal IEnumerable<ProcessRecord> FindGroup(int group) => All.Where(process => process.Process.Group == group);

    /// <summary>Whether a group has any process, those included that have ended and were not waited for.</summary>
    internal bool HasGroup(int group)
    {
        foreach (ProcessRecord process in _processes.Values)
        {
            if (process.Process.Group == group)
                return true;
        }
        return false;
    }

    /// <summary>The living thread of a number.</summary>
    internal ThreadInfo? FindThread(int tid)
    {
        foreach (ProcessRecord process in _processes.Values)
        {
            if (process.HasEnded)
                continue;
            foreach (ThreadInfo thread in process.Threads)
            {
                if (thread.Tid == tid)
                    return thread;
            }
        }
        return null;
    }

    /// <summary>The address space of the process that calls.</summary>
    internal AddressSpace MemoryOf(Call call) => this[call.Thread.Process].Memory;

    internal ProcessRecord Add(ProcessInfo process, ProcessRecord? parent)
    {
        var record = new ProcessRecord(context, process, parent);
        _processes.Add(process.Pid, record);
        parent?.Children.Add(record);
        return record;
    }

    /// <summary>Forgets a process that has ended and that nobody waits for any more.</summary>
    internal void Remove(ProcessRecord record)
    {
        _processes.Remove(record.Process.Pid);
        record.Parent?.Children.Remove(record);
    }

    /// <summary>A thread was made. One that comes to a process that ends, or executes, goes with those that were there.</summary>
    internal void AddThread(ThreadInfo thread)
    {
        if (!TryFind(thread.Process, out ProcessRecord? record) || record.HasEnded)
        {
            thread.Actor.Tell(new KillThread(), Rank.Head);
            return;
        }
        record.Threads.Add(thread);
        if (record.Status is not null || record.Executing is not null)
            thread.Actor.Tell(new KillThread(), Rank.Head);
        else
            record.Signals.Ask(thread, thread.FirstMask);
    }

    /// <summary>Says what processes there are, and asks their threads and their tables.</summary>
    internal void Describe(Survey survey)
    {
        foreach (ProcessRecord process in All)
        {
            FilesTable files = process.Process.Files;
            survey.Say(new MachineSnapshot.ProcessLine(process.Process.Pid, process.Parent?.Process.Pid ?? 0, process.HasEnded, files.Id));
            if (process.HasEnded)
                continue;
            survey.Ask(files.Actor);
            foreach (ThreadInfo thread in process.Threads)
                survey.Ask(thread.Actor);
        }
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

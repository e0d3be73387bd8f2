using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>The processes of a machine, their threads, and their ends.</summary>
internal sealed class ProcessTable(MachineContext context)
{
    private readonly Dictionary<ProcessInfo, ProcessRecord> _processes = [];

    internal IEnumerable<ProcessRecord> All => _processes.Values.Where(process => !process.HasEnded);

    internal ProcessRecord this[ProcessInfo process] => _processes[process];

    internal void Add(ProcessInfo process) => _processes.Add(process, new ProcessRecord(context, process));

    /// <summary>The process of a number, or none.</summary>
    internal IEnumerable<ProcessRecord> Find(int pid) => All.Where(process => process.Process.Pid == pid);

    /// <summary>The processes of a group.</summary>
    internal IEnumerable<ProcessRecord> FindGroup(int group) => Find(group);

    /// <summary>The living thread of a number.</summary>
    internal ThreadInfo? FindThread(int tid) =>
        All.SelectMany(process => process.Threads).FirstOrDefault(thread => thread.Tid == tid && !thread.IsReaper);

    /// <summary>The address space of the process that calls.</summary>
    internal AddressSpace MemoryOf(Call call) => _processes[call.Thread.Process].Memory;

    internal void AddThread(ProcessInfo process, ThreadInfo thread)
    {
        ProcessRecord record = _processes[process];
        record.Threads.Add(thread);
        if (record.Exiting is not null)
            thread.Actor.Tell(new KillThread(), Rank.Head);
        else if (!thread.IsReaper)
            record.Signals.Ask(thread, mask: 0);
    }

    /// <summary>Ends a process because of a signal; a call of its reaper's rides through the closes, as for an exit.</summary>
    internal void End(ProcessRecord record, Signal signal)
    {
        ThreadInfo? reaper = record.Threads.Find(thread => thread.IsReaper);
        if (record.Exiting is not null || reaper is null)
            return;
        record.WasKilled = true;
        var call = new Call(reaper) { Files = record.Process.Files, Credentials = record.Process.Credentials };
        call.Begin(SyscallNumber.Exit, -1, default, 0, 0, null);
        call.Push(context.InBandStage, CallStep.InBandKilled);
        context.Events.Emit(MachineEventKind.ProcessKilled, call, count: (long)signal);
        Exit(call);
    }

    /// <summary>A process that a signal ended has ended.</summary>
    internal void OnKilled(Call call)
    {
        _processes[call.Thread.Process].AwaitsEnd?.Return(0);
    }

    internal void Exit(Call call)
    {
        ProcessRecord record = _processes[call.Thread.Process];
        if (record is { Exiting: not null, WasKilled: true, HasEnded: false, AwaitsEnd: null })
        {
            record.AwaitsEnd = call;
            return;
        }
        if (record.Exiting is not null)
        {
            call.Return(Errno.ESRCH);
            return;
        }
        record.Exiting = call;
        foreach (ThreadInfo thread in record.Threads)
        {
            if (thread != call.Thread)
                thread.Actor.Tell(new KillThread(), Rank.Head);
        }
        CloseAllIfAlone(record);
    }

    internal void OnThreadEnded(ThreadInfo thread)
    {
        ProcessRecord record = _processes[thread.Process];
        record.Threads.Remove(thread);
        CloseAllIfAlone(record);
    }

    /// <summary>A descriptor of a process that exits was closed, with everything that followed from it.</summary>
    internal void CloseNext(Call call)
    {
        if (call.Result != Errno.ENOENT)
        {
            StartClosing(call);
            return;
        }
        _processes[call.Thread.Process].HasEnded = true;
        MemoryOf(call).UnmapAll(call);
    }

    // Descriptors are closed when the other threads of the process are dead, in ascending order, each awaited.
    private void CloseAllIfAlone(ProcessRecord record)
    {
        if (record.Exiting is { } call && record.Threads.TrueForAll(thread => thread == call.Thread) && !record.IsClosing)
        {
            record.IsClosing = true;
            StartClosing(call);
        }
    }

    private void StartClosing(Call call)
    {
        call.Push(context.InBandStage, CallStep.InBandClosed);
        call.PassTo(call.Files.Actor, CallStep.TableCloseNext, Rank.InBand);
    }
}

using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>The processes of a machine, their threads, and their ends.</summary>
internal sealed class ProcessTable(MachineContext context)
{
    private readonly Dictionary<ProcessInfo, ProcessRecord> _processes = [];

    internal void Add(ProcessInfo process) => _processes.Add(process, new ProcessRecord());

    internal void AddThread(ProcessInfo process, ThreadInfo thread)
    {
        ProcessRecord record = _processes[process];
        record.Threads.Add(thread);
        if (record.Exiting is not null)
            thread.Actor.Tell(new KillThread(), Rank.Head);
    }

    internal void Exit(Call call)
    {
        ProcessRecord record = _processes[call.Thread.Process];
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
        if (call.Result == Errno.ENOENT)
            call.Return(0);
        else
            StartClosing(call);
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

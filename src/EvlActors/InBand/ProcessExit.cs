using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// How processes end: the other threads are killed and detached, then the descriptors closed in ascending order, each awaited,
/// by a call of the process's own; then the parent hears of it.
/// </summary>
internal sealed class ProcessExit(MachineContext context, ProcessTable processes, ElementRegistry elements, ChildWaits waits, IProcessHost host)
{
    /// <summary>exit_group(2), by a thread of the process or from outside.</summary>
    internal void Exit(Call call)
    {
        if (!processes.TryFind(call.Thread.Process, out ProcessRecord? record) || record.HasEnded)
        {
            call.Return(Errno.ESRCH);
            return;
        }
        bool isOwn = record.Threads.Contains(call.Thread);
        if (record.Status is null && !(isOwn && record.Executing is not null))
        {
            record.Exits.Add((call, 0));
            if (isOwn)
            {
                // It is dead with the answer; as an EVL thread it ends now, before the descriptors are closed.
                record.ExitingThread = call.Thread;
                elements.OnDetached(call.Thread);
            }
            End(record, WaitStatus.Exited((int)call.Argument));
        }
        else if (isOwn)
        {
            // It is being killed: its death may not wait for the end that waits for it.
            call.Return(Errno.ESRCH);
        }
        else
        {
            record.Exits.Add((call, Errno.ESRCH));
        }
    }

    /// <summary>Ends a process as a signal's default action does.</summary>
    internal void End(EndProcess end)
    {
        if (processes.TryFind(end.Process, out ProcessRecord? record))
            Kill(record, end.Signal);
    }

    /// <summary>A signal that ends a process; nothing happens if it ends already.</summary>
    internal void Kill(ProcessRecord record, Signal signal)
    {
        if (record.Status is null)
            End(record, WaitStatus.Signaled((int)signal));
    }

    /// <summary>A thread is dead. With its last thread a process ends.</summary>
    internal void OnThreadEnded(ThreadInfo thread)
    {
        if (!processes.TryFind(thread.Process, out ProcessRecord? record) || !record.Threads.Remove(thread))
            return;
        if (record.Status is null && record.Threads.Count == 0)
            End(record, WaitStatus.Exited(0));
        else
            CloseIfAlone(record);
    }

    /// <summary>A descriptor of a process that ends was closed, with everything that followed from it.</summary>
    internal void CloseNext(Call call)
    {
        if (call.Result != Errno.ENOENT)
            Close(call);
        else
            Unmap(RecordOf(call), call);
    }

    /// <summary>Its mappings are gone too: the process has ended.</summary>
    internal void Unmapped(Call call) => Ended(RecordOf(call), call);

    private void End(ProcessRecord record, WaitStatus status)
    {
        record.Status = status;
        record.Closer = CloserOf(record);
        if (status.IsSignaled)
            context.Events.Emit(MachineEventKind.ProcessKilled, record.Closer, count: status.Signal);
        ProcessTable.KillOthers(record, but: record.ExitingThread);
        CloseIfAlone(record);
    }

    private void CloseIfAlone(ProcessRecord record)
    {
        if (record.Status is null || record.IsClosing || !record.IsAlone(but: record.ExitingThread))
            return;
        record.IsClosing = true;
        Call call = record.Closer!; // set with the status
        call.Files = record.Process.Files;
        // The last user of a table closes it, whoever made what is in it.
        record.ClosesTable = --record.Process.Files.Users == 0;
        if (record.ClosesTable)
            Close(call);
        else
            Unmap(record, call);
    }

    private Call CloserOf(ProcessRecord record)
    {
        Call call = context.NewStageCall(record.Process, SyscallNumber.Exit);
        context.Events.Emit(MachineEventKind.CallEntered, call);
        return call;
    }

    private void Close(Call call)
    {
        call.Push(context.InBandStage, CallStep.InBandClosed);
        call.PassTo(call.Files.Actor, CallStep.TableCloseNext, Rank.InBand);
    }

    // It stays in the table until it has ended.
    private ProcessRecord RecordOf(Call call) => processes[call.Thread.Process];

    private void Unmap(ProcessRecord record, Call call)
    {
        call.Push(context.InBandStage, CallStep.InBandEndUnmapped);
        record.Memory.UnmapAll(call);
    }

    private void Ended(ProcessRecord record, Call call)
    {
        record.HasEnded = true;
        // Whoever hears of the end finds the process gone.
        host.Ended(record.Process);
        record.Signals.SetAlarm(0);
        // Not who was the last but one, and is through when the last has only begun.
        if (record.ClosesTable)
            context.Engine.Stop(call.Files.Actor);
        context.Events.Emit(MachineEventKind.CallAnswered, call, result: 0);
        context.Events.Emit(MachineEventKind.ProcessEnded, call, count: record.Status!.Value.Value); // it ends with a status
        foreach (ProcessRecord child in record.Children.ToArray())
        {
            child.Parent = null;
            if (child.HasEnded)
                processes.Remove(child);
        }
        record.Children.Clear();
        waits.OnEnded(record);
        foreach ((Call exit, SysResult answer) in record.Exits)
            exit.Return(answer);
    }
}

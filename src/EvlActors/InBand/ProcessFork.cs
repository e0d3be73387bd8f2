using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>fork(2) and execve(2): what a process is made of, and what another program keeps of it.</summary>
internal sealed class ProcessFork(MachineContext context, ProcessTable processes, IProcessHost host)
{
    /// <summary>A new process with a copy of the table, or with the table itself.</summary>
    internal void Fork(Call call)
    {
        var flags = (CloneFlags)call.Argument;
        if ((flags & ~CloneFlags.Files) != 0)
        {
            call.Return(Errno.EINVAL);
            return;
        }
        ProcessInfo parent = call.Thread.Process;
        if (!processes.TryFind(parent, out ProcessRecord? record) || record.Status is not null || record.Executing is not null)
        {
            // The thread that forks is being killed.
            call.Return(Errno.EINTR);
            return;
        }
        if (context.ShouldFail(FaultPoint.Allocation, call, "a process"))
        {
            call.Return(Errno.ENOMEM);
            return;
        }
        if ((flags & CloneFlags.Files) != 0)
        {
            parent.Files.Users++;
            call.Object = parent.Fork(context.NextPid(), parent.Files);
            OnTableCopied(call);
            return;
        }
        var files = new FilesTable(context.NextTableId());
        call.Object = parent.Fork(context.NextPid(), files);
        CopyTable(call, files, CallStep.InBandForked);
    }

    /// <summary>The child's table is there: so is the child.</summary>
    internal void OnTableCopied(Call call)
    {
        var child = (ProcessInfo)call.Object!; // a fork carries the child
        processes.TryFind(call.Thread.Process, out ProcessRecord? parent);
        ProcessRecord record = processes.Add(child, parent);
        parent?.Memory.CopyTo(record.Memory, child);
        context.Events.Emit(MachineEventKind.ProcessForked, call, count: child.Pid);
        host.Forked(child, call.Thread, call.SignalMask);
        call.Return(child.Pid);
    }

    /// <summary>The other threads are killed first; the caller is an ordinary thread since the call entered.</summary>
    internal void Exec(Call call)
    {
        if (!processes.TryFind(call.Thread.Process, out ProcessRecord? record) || record.Status is not null || record.Executing is not null)
        {
            // The thread is being killed.
            call.Return(Errno.EINTR);
            return;
        }
        record.Executing = call;
        ProcessTable.KillOthers(record, but: call.Thread);
        GoOnIfAlone(record);
    }

    /// <summary>A thread of the process is dead.</summary>
    internal void OnThreadEnded(ThreadInfo thread)
    {
        if (processes.TryFind(thread.Process, out ProcessRecord? record))
            GoOnIfAlone(record);
    }

    /// <summary>close_range(2) with UNSHARE: on a table of the process's own.</summary>
    internal void CloseRange(Call call)
    {
        bool unshares = ((CloseRangeFlags)call.Argument3 & CloseRangeFlags.Unshare) != 0;
        if (unshares && context.ShouldFail(FaultPoint.Allocation, call, "a files table"))
            call.Return(Errno.ENOMEM);
        else if (unshares && call.Thread.Process.Files.Users > 1 && FdArguments.Check(call) == Errno.None)
            Unshare(call);
        else
            call.PassTo(call.Files.Actor, CallStep.TableLookUp, Rank.InBand);
    }

    /// <summary>The process has a table of its own now.</summary>
    internal void OnUnshared(Call call)
    {
        ProcessInfo process = call.Thread.Process;
        process.Files = call.NewFiles!; // the copy that was asked for
        call.Files = process.Files;
        if (call.Nr == SyscallNumber.Exec)
            Close(call);
        else
            call.PassTo(call.Files.Actor, CallStep.TableLookUp, Rank.InBand);
    }

    /// <summary>A descriptor that is closed on exec was closed, with everything that followed from it.</summary>
    internal void CloseNext(Call call)
    {
        if (call.Result != Errno.ENOENT)
        {
            Close(call);
            return;
        }
        call.Push(context.InBandStage, CallStep.InBandExecUnmapped);
        processes.MemoryOf(call).UnmapAll(call);
    }

    /// <summary>What was mapped is gone: the process runs the other program.</summary>
    internal void Unmapped(Call call)
    {
        ProcessInfo process = call.Thread.Process;
        if (processes.TryFind(process, out ProcessRecord? record))
        {
            record.Executing = null;
            record.IsReplacing = false;
            record.HasExecuted = true;
        }
        process.IsInitialised = false;
        process.Actions.ResetHandlers();
        context.Events.Emit(MachineEventKind.ProcessExecuted, call);
        call.Return(0);
    }

    private void GoOnIfAlone(ProcessRecord record)
    {
        if (record.Executing is not { } call || !record.IsAlone(but: call.Thread) || record.IsReplacing)
            return;
        record.IsReplacing = true;
        if (record.Process.Files.Users > 1)
            Unshare(call);
        else
            Close(call);
    }

    // The shared table is given up now: whoever else uses it may end, and close it, behind the copy.
    private void Unshare(Call call)
    {
        call.Files.Users--;
        CopyTable(call, new FilesTable(context.NextTableId()), CallStep.InBandUnshared);
    }

    private void CopyTable(Call call, FilesTable copy, CallStep then)
    {
        call.NewFiles = copy;
        call.Push(context.InBandStage, then);
        call.PassTo(call.Files.Actor, CallStep.TableCopy, Rank.InBand);
    }

    private void Close(Call call)
    {
        call.Push(context.InBandStage, CallStep.InBandExecClosed);
        call.PassTo(call.Files.Actor, CallStep.TableCloseOnExec, Rank.InBand);
    }
}

using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>wait4(2): who waits for which child, and what is left of children until they were waited for.</summary>
internal sealed class ChildWaits(MachineContext context, ProcessTable processes)
{
    /// <summary>Answers with a child that has ended, or lets the call sleep until there is one.</summary>
    internal void Wait(Call call)
    {
        var options = (WaitOptions)call.Argument2;
        if ((options & ~WaitOptions.NoHang) != 0)
        {
            call.Return(Errno.EINVAL);
            return;
        }
        if (!processes.TryFind(call.Thread.Process, out ProcessRecord? record) || !record.Children.Exists(child => IsMeant(call, child)))
        {
            call.Return(Errno.ECHILD);
            return;
        }
        if (record.Children.Find(child => child.HasEnded && IsMeant(call, child)) is { } ended)
        {
            Reap(call, ended);
            return;
        }
        if ((options & WaitOptions.NoHang) != 0)
        {
            call.Return(0);
            return;
        }
        record.Waiting.Add(call);
        call.SleepNumber++;
        call.Thread.Sleeps(TaskSnapshot.Wait4);
        context.Events.Emit(MachineEventKind.CallAsleep, call);
        call.Thread.Actor.Tell(call.NoticeOf(context.InBandStage, call, isInterruptible: true), call.CallRank);
    }

    /// <summary>A process has ended: its parent gets SIGCHLD and its parent's waiter the process, or it stays until one comes; it is
    /// forgotten without a parent, and if the parent ignores SIGCHLD.</summary>
    internal void OnEnded(ProcessRecord record)
    {
        if (record.Parent is not { } parent)
        {
            processes.Remove(record);
            return;
        }
        if (parent.Process.Actions[Signal.SIGCHLD].IsIgnored)
        {
            processes.Remove(record);
            AnswerChildless(parent);
            return;
        }
        // Before the waiter is answered: the handler runs before that wait returns. The signal doesn't interrupt it, it has its
        // child in this turn.
        if (parent.Status is null)
        {
            ProcessInfo child = record.Process;
            parent.Signals.Send(SigInfo.Child(child.Pid, child.Credentials.Uid, record.Status!.Value), sending: null); // it has ended
        }
        ReapByWaiter(parent, record);
    }

    private void ReapByWaiter(ProcessRecord parent, ProcessRecord record)
    {
        if (parent.Waiting.Find(call => IsMeant(call, record)) is not { } waiter)
            return;
        parent.Waiting.Remove(waiter);
        Reap(waiter, record);
        AnswerChildless(parent);
    }

    /// <summary>Ends the sleep of a waiting call; one that is over is not there any more.</summary>
    internal void OnInterrupt(Interrupt interrupt)
    {
        var call = (Call)interrupt.Sleeper; // what sleeps in the in-band stage are calls
        if (!processes.TryFind(call.Thread.Process, out ProcessRecord? record) || call.Number != interrupt.CallNumber
            || call.SleepNumber != interrupt.SleepNumber || !record.Waiting.Remove(call))
            return;
        context.Events.Emit(MachineEventKind.CallWoken, call, result: interrupt.Reason);
        call.Return(interrupt.Reason);
    }

    // Another thread's wait has taken the last child that they waited for.
    private void AnswerChildless(ProcessRecord parent)
    {
        for (int i = parent.Waiting.Count - 1; i >= 0; i--)
        {
            Call call = parent.Waiting[i];
            if (parent.Children.Exists(child => IsMeant(call, child)))
                continue;
            parent.Waiting.RemoveAt(i);
            context.Events.Emit(MachineEventKind.CallWoken, call, result: Errno.ECHILD);
            call.Return(Errno.ECHILD);
        }
    }

    private void Reap(Call call, ProcessRecord child)
    {
        processes.Remove(child);
        if (call.Buffer.Count > 0 && context.ShouldFail(FaultPoint.UserCopy, call, "put_user", sizeof(int)))
            call.Buffer = UserBuffer.Bad(call.Buffer.Count);
        // As on Linux, the child is gone also if its status can't be told.
        call.Return(UserMemory.TryWrite(call.Buffer, child.Status!.Value.Value) ? child.Process.Pid : Errno.EFAULT); // it has ended
    }

    private static bool IsMeant(Call call, ProcessRecord child) => (int)call.Argument switch
    {
        -1 => true,
        0 => child.Process.Group == call.Thread.Process.Group,
        < -1 and var group => child.Process.Group == -group,
        var pid => child.Process.Pid == pid,
    };
}

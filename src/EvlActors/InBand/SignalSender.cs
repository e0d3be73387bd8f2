using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// The signal calls of the in-band stage: who may send what to whom, and what a process does with it. A sender is answered when
/// its signal has found its place: with a thread, or pending on the process.
/// </summary>
internal sealed class SignalSender(ProcessTable processes, ProcessExit exits)
{
    internal void Enter(Call call)
    {
        switch (call.Nr)
        {
            case SyscallNumber.Sigaction:
                call.Return(SetAction(call));
                break;
            case SyscallNumber.Sigpending:
                call.Return((long)processes[call.Thread.Process].Signals.Pending);
                break;
            case SyscallNumber.Alarm when call.Argument < 0:
                call.Return(Errno.EINVAL);
                break;
            case SyscallNumber.Alarm:
                call.Return(processes[call.Thread.Process].Signals.SetAlarm(call.Argument));
                break;
            case SyscallNumber.Tkill:
                SendToThread(call, tid: (int)call.Argument, pid: null);
                break;
            case SyscallNumber.Tgkill when call.Argument <= 0:
                call.Return(Errno.EINVAL);
                break;
            case SyscallNumber.Tgkill:
                SendToThread(call, (int)call.Argument3, (int)call.Argument);
                break;
            case SyscallNumber.Sigqueue:
                Send(call, Info(call, SigCode.Queue) with { Value = call.Argument3 });
                break;
            default:
                Send(call, Info(call, SigCode.User));
                break;
        }
    }

    /// <summary>A signal that is not sent by a call.</summary>
    internal void Send(SendSignal send)
    {
        SigInfo info = send.Info;
        List<ProcessRecord> targets = [];
        ThreadInfo? thread = null;
        switch (send.To)
        {
            case SignalTarget.Thread:
                thread = processes.FindThread(send.Id);
                if (thread is not null)
                    targets.Add(processes[thread.Process]);
                break;
            case SignalTarget.Process:
                targets.AddRange(Find(send.Id));
                break;
            default:
                targets.AddRange(processes.FindGroup(send.Id));
                break;
        }
        var sending = new SignalSending(call: null, send.Completion);
        sending.Settle(Send(targets, thread, info, send.Sender, sending));
    }

    /// <summary>An event of a file, for the file's owner as that is now.</summary>
    internal void Send(KillFasync kill)
    {
        SignalSending? sending = kill.Notifier is null ? null : new SignalSending(call: null, outside: null, kill);
        switch (kill.Owner.Type)
        {
            case FileOwnerType.Tid when processes.FindThread(kill.Owner.Id) is { } thread:
                Tell(kill, processes[thread.Process], thread, sending);
                break;
            case FileOwnerType.Pid when processes.Find(kill.Owner.Id) is { } process:
                Tell(kill, process, thread: null, sending);
                break;
            case FileOwnerType.Pgrp:
                // A copy: what ends a process changes the table.
                foreach (ProcessRecord member in processes.FindGroup(kill.Owner.Id).ToList())
                    Tell(kill, member, thread: null, sending);
                break;
        }
        if (sending is null)
            kill.Settled();
        else
            sending.Settle(0);
    }

    private static SigInfo Info(Call call, SigCode code) =>
        new((Signal)call.Argument2, code) { Pid = call.Thread.Process.Pid, Uid = call.Credentials.Uid };

    // Root's CAP_KILL, or the same user.
    private static bool MaySignal(Credentials? sender, Credentials target) =>
        sender is null || sender.Has(Capabilities.Kill) || IsSameUser(sender, target);

    // A file's owner is told in the name of who made it the owner: capabilities do not count, root does.
    private static bool MayTell(Credentials sender, Credentials target) => sender.Euid == 0 || IsSameUser(sender, target);

    // The sender's real or effective id is the target's real or saved one.
    private static bool IsSameUser(Credentials sender, Credentials target) =>
        sender.Euid == target.Suid || sender.Euid == target.Uid || sender.Uid == target.Suid || sender.Uid == target.Uid;

    // One that has ended and was not waited for is still there: a signal can be sent to it, and does nothing.
    private IEnumerable<ProcessRecord> Find(int pid) => processes.Find(pid) is { } process ? [process] : [];

    private SysResult SetAction(Call call)
    {
        var signal = (Signal)call.Argument;
        if (!signal.IsValid() || signal is Signal.SIGKILL or Signal.SIGSTOP)
            return Errno.EINVAL;
        processes[call.Thread.Process].Signals.SetAction(signal, (SignalAction)call.Object!); // sigaction names an action
        return 0;
    }

    private void Send(Call call, SigInfo info)
    {
        long pid = call.Argument;
        IEnumerable<ProcessRecord> targets = pid switch
        {
            > 0 => Find((int)pid),
            0 => processes.FindGroup(call.Thread.Process.Group),
            -1 => processes.Living.Where(process => process.Process != call.Thread.Process),
            _ => processes.FindGroup((int)-pid),
        };
        var sending = new SignalSending(call, outside: null);
        sending.Settle(Send([.. targets], thread: null, info, call.Credentials, sending));
    }

    private void SendToThread(Call call, int tid, int? pid)
    {
        if (tid <= 0)
        {
            call.Return(Errno.EINVAL);
            return;
        }
        List<ProcessRecord> targets = [];
        ThreadInfo? thread = processes.FindThread(tid);
        if (thread is not null && (pid is null || thread.Process.Pid == pid))
            targets.Add(processes[thread.Process]);
        var sending = new SignalSending(call, outside: null);
        sending.Settle(Send(targets, thread, Info(call, SigCode.Tkill), call.Credentials, sending));
    }

    private SysResult Send(
        List<ProcessRecord> targets, ThreadInfo? thread, SigInfo info, Credentials? sender, SignalSending sending)
    {
        if (info.Number != Signal.None && !info.Number.IsValid())
            return Errno.EINVAL;
        if (targets.Count == 0)
            return Errno.ESRCH;
        targets.RemoveAll(target => !MaySignal(sender, target.Process.Credentials));
        if (targets.Count == 0)
            return Errno.EPERM;
        if (info.Number == Signal.None)
            return 0;
        if (!targets.Exists(target => target.Signals.HasRoomFor(info.Number)))
            return Errno.EAGAIN;
        foreach (ProcessRecord target in targets)
        {
            if (target.Status is not null || !target.Signals.HasRoomFor(info.Number))
                continue;
            Deliver(info, target, thread, sending);
        }
        return 0;
    }

    private void Tell(KillFasync kill, ProcessRecord target, ThreadInfo? thread, SignalSending? sending)
    {
        if (target.Status is not null || !MayTell(kill.Sender, target.Process.Credentials))
            return;
        // Each process of a group has a queue of its own, and gets plain SIGIO if it has no room there.
        bool canQueue = kill.Info.Number.IsValid() && target.Signals.HasRoomFor(kill.Info.Number);
        Deliver(canQueue ? kill.Info : SigInfo.PlainSigio, target, thread, sending);
    }

    private void Deliver(in SigInfo info, ProcessRecord target, ThreadInfo? thread, SignalSending? sending)
    {
        if (info.Number == Signal.SIGKILL)
        {
            exits.Kill(target, Signal.SIGKILL);
            return;
        }
        sending?.Open();
        if (thread is not null)
            target.Signals.SendTo(thread, info, sending);
        else
            target.Signals.Send(info, sending);
    }
}

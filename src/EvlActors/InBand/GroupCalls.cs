using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>Process numbers, groups and sessions.</summary>
internal sealed class GroupCalls(ProcessTable processes)
{
    /// <summary>Serves one of them; null: it is another call.</summary>
    internal SysResult? Serve(Call call)
    {
        ProcessInfo self = call.Thread.Process;
        return call.Nr switch
        {
            SyscallNumber.Getpid => self.Pid,
            SyscallNumber.Getppid => processes.Find(self.Pid)?.Parent?.Process.Pid ?? 0,
            SyscallNumber.Getpgid => Find(self, (int)call.Argument) is { } asked ? asked.Group : Errno.ESRCH,
            SyscallNumber.Getsid => Find(self, (int)call.Argument) is { } asked ? asked.Session : Errno.ESRCH,
            SyscallNumber.Setpgid => SetGroup(self, (int)call.Argument, (int)call.Argument2),
            SyscallNumber.Setsid => SetSession(self),
            _ => null,
        };
    }

    private ProcessInfo? Find(ProcessInfo self, int pid) => pid == 0 ? self : processes.Find(pid)?.Process;

    private SysResult SetGroup(ProcessInfo self, int pid, int group)
    {
        if (group < 0)
            return Errno.EINVAL;
        ProcessRecord? target = processes.Find(pid == 0 ? self.Pid : pid);
        bool isChild = target?.Parent?.Process == self;
        if (target is null || (target.Process != self && !isChild))
            return Errno.ESRCH;
        if (isChild && target.Process.Session != self.Session)
            return Errno.EPERM;
        if (isChild && target.HasExecuted)
            return Errno.EACCES;
        if (target.Process.Session == target.Process.Pid)
            return Errno.EPERM;
        if (group == 0)
            group = target.Process.Pid;
        bool isJoined = group == target.Process.Pid
            || processes.All.Any(other => other.Process.Group == group && other.Process.Session == self.Session);
        if (!isJoined)
            return Errno.EPERM;
        target.Process.Group = group;
        return 0;
    }

    private SysResult SetSession(ProcessInfo self)
    {
        // Not for the leader of a group, nor while others are in the group of that number.
        if (processes.All.Any(other => other.Process.Group == self.Pid))
            return Errno.EPERM;
        self.Session = self.Pid;
        self.Group = self.Pid;
        self.Terminal = 0;
        return self.Pid;
    }
}

using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>Who a process acts as: the calls that ask and change it. Credentials are replaced as a whole.</summary>
internal sealed class CredentialCalls(ProcessTable processes)
{
    private const ulong KnownCapabilities = (ulong)Capabilities.All;

    /// <summary>Serves one of them; null: it is another call.</summary>
    internal SysResult? Serve(Call call)
    {
        Credentials who = call.Thread.Process.Credentials;
        int id = (int)call.Argument;
        return call.Nr switch
        {
            SyscallNumber.Getuid => who.Uid,
            SyscallNumber.Geteuid => who.Euid,
            SyscallNumber.Getgid => who.Gid,
            SyscallNumber.Getegid => who.Egid,
            SyscallNumber.Setuid => SetUid(call, who, id),
            SyscallNumber.Seteuid => SetEuid(call, who, id),
            SyscallNumber.Setgid => SetGid(call, who, id),
            SyscallNumber.Setegid => SetEgid(call, who, id),
            SyscallNumber.Setgroups => SetGroups(call, who),
            SyscallNumber.Capget => Capget(call),
            SyscallNumber.Capset => Capset(call, who),
            _ => null,
        };
    }

    private static SysResult SetUid(Call call, Credentials who, int uid)
    {
        if (uid < 0)
            return Errno.EINVAL;
        if (who.Has(Capabilities.SetUid))
            return Become(call, who, who with { Uid = uid, Euid = uid, Suid = uid });
        return uid == who.Uid || uid == who.Suid ? Become(call, who, who with { Euid = uid }) : Errno.EPERM;
    }

    private static SysResult SetEuid(Call call, Credentials who, int uid)
    {
        if (uid < 0)
            return Errno.EINVAL;
        bool isAllowed = who.Has(Capabilities.SetUid) || uid == who.Uid || uid == who.Suid;
        return isAllowed ? Become(call, who, who with { Euid = uid }) : Errno.EPERM;
    }

    private static SysResult SetGid(Call call, Credentials who, int gid)
    {
        if (gid < 0)
            return Errno.EINVAL;
        if (who.Has(Capabilities.SetGid))
            return Replace(call, who with { Gid = gid, Egid = gid, Sgid = gid });
        return gid == who.Gid || gid == who.Sgid ? Replace(call, who with { Egid = gid }) : Errno.EPERM;
    }

    private static SysResult SetEgid(Call call, Credentials who, int gid)
    {
        if (gid < 0)
            return Errno.EINVAL;
        bool isAllowed = who.Has(Capabilities.SetGid) || gid == who.Gid || gid == who.Sgid;
        return isAllowed ? Replace(call, who with { Egid = gid }) : Errno.EPERM;
    }

    private static SysResult SetGroups(Call call, Credentials who) =>
        who.Has(Capabilities.SetGid)
            ? Replace(call, who with { Groups = (int[])call.Object! }) // such a call carries the groups
            : Errno.EPERM;

    private SysResult Capget(Call call)
    {
        int bytes = CapabilitySet.BytesOf((uint)call.Argument2);
        int pid = (int)call.Argument;
        if (bytes == 0 || pid < 0)
            return Errno.EINVAL;
        // Of itself a thread is told what is in force for it, with what attaching raised.
        bool isSelf = pid == 0 || pid == call.Thread.Process.Pid;
        Credentials? who = isSelf ? call.Credentials : processes.Find(pid)?.Process.Credentials;
        if (who is null)
            return Errno.ESRCH;
        Span<byte> data = stackalloc byte[bytes];
        new CapabilitySet(who.Effective, who.Permitted).WriteTo(data);
        return UserMemory.TryWrite(call.Buffer, data) ? 0 : Errno.EFAULT;
    }

    private SysResult Capset(Call call, Credentials who)
    {
        int bytes = CapabilitySet.BytesOf((uint)call.Argument2);
        int pid = (int)call.Argument;
        if (bytes == 0 || pid < 0)
            return Errno.EINVAL;
        if (pid != 0 && pid != call.Thread.Process.Pid)
            return processes.Find(pid) is null ? Errno.ESRCH : Errno.EPERM;
        Span<byte> data = stackalloc byte[bytes];
        if (!UserMemory.TryRead(call.Buffer, data))
            return Errno.EFAULT;
        CapabilitySet asked = CapabilitySet.ReadFrom(data);
        if (((ulong)(asked.Effective | asked.Permitted | asked.Inheritable) & ~KnownCapabilities) != 0)
            return Errno.EINVAL;
        bool raises = ((asked.Permitted | asked.Inheritable) & ~who.Permitted) != 0 || (asked.Effective & ~asked.Permitted) != 0;
        return raises ? Errno.EPERM : Replace(call, who with { Effective = asked.Effective, Permitted = asked.Permitted }, setsCapabilities: true);
    }

    // Capabilities follow the user ids: who leaves root for good loses all, who leaves it for a while those in force.
    private static SysResult Become(Call call, Credentials before, Credentials after)
    {
        bool wasRoot = before.Uid == 0 || before.Euid == 0 || before.Suid == 0;
        bool isRoot = after.Uid == 0 || after.Euid == 0 || after.Suid == 0;
        bool losesAll = wasRoot && !isRoot;
        if (losesAll)
            after = after with { Permitted = Capabilities.None, Effective = Capabilities.None };
        else if (before.Euid == 0 && after.Euid != 0)
            after = after with { Effective = Capabilities.None };
        else if (before.Euid != 0 && after.Euid == 0)
            after = after with { Effective = after.Permitted };
        return Replace(call, after, setsCapabilities: losesAll || (before.Euid == 0) != (after.Euid == 0));
    }

    private static SysResult Replace(Call call, Credentials after, bool setsCapabilities = false)
    {
        call.Thread.Process.SetCredentials(after, setsCapabilities);
        return 0;
    }
}

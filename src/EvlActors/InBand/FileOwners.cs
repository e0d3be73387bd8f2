using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>F_SETOWN, F_GETOWN and their extended forms, as far as they are about processes: the rest is the open file's.</summary>
internal sealed class FileOwners(ProcessTable processes)
{
    /// <summary>Whether an fcntl names an owner.</summary>
    internal static bool IsNamedBy(Call call) => (FcntlCommand)call.Argument is FcntlCommand.SetOwn or FcntlCommand.SetOwnEx;

    /// <summary>Finds the owner that a call names, or what is wrong with it. The descriptor comes first: the file answers.</summary>
    internal void Find(Call call)
    {
        Errno refused = Read(call, out call.Owner);
        if (refused == Errno.None && call.Owner.Id != 0 && !Exists(call.Owner))
            refused = Errno.ESRCH;
        call.Saved = SysResult.Error(refused);
    }

    /// <summary>Answers who a file's owner is; nobody if it has gone.</summary>
    internal SysResult Tell(Call call)
    {
        FileOwner owner = Exists(call.Owner) ? call.Owner : call.Owner with { Id = 0 };
        if ((FcntlCommand)call.Argument == FcntlCommand.GetOwn)
            return owner.Type == FileOwnerType.Pgrp ? -owner.Id : owner.Id;
        Span<byte> data = stackalloc byte[FileOwner.Bytes];
        owner.WriteTo(data);
        return UserMemory.TryWrite(call.Buffer, data) ? 0 : Errno.EFAULT;
    }

    private static Errno Read(Call call, out FileOwner owner)
    {
        owner = default;
        if ((FcntlCommand)call.Argument == FcntlCommand.SetOwn)
        {
            int who = (int)call.Argument2;
            if (who == int.MinValue)
                return Errno.EINVAL;
            owner = who < 0 ? new FileOwner(FileOwnerType.Pgrp, -who) : new FileOwner(FileOwnerType.Pid, who);
            return Errno.None;
        }
        Span<byte> data = stackalloc byte[FileOwner.Bytes];
        if (!UserMemory.TryRead(call.Buffer, data))
            return Errno.EFAULT;
        owner = FileOwner.ReadFrom(data);
        return owner.Type is >= FileOwnerType.Tid and <= FileOwnerType.Pgrp ? Errno.None : Errno.EINVAL;
    }

    private bool Exists(FileOwner owner) => owner.Type switch
    {
        FileOwnerType.Tid => processes.FindThread(owner.Id) is not null,
        FileOwnerType.Pid => processes.Find(owner.Id) is not null,
        _ => processes.HasGroup(owner.Id),
    };
}

using System.Numerics;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// One table of descriptors. Counterpart of <c>struct files_struct</c>. It resolves numbers, makes, replaces and closes them,
/// and sends Dovetail's hooks in the turn that changes the slot: once the hook is sent, no later look-up sees the old entry.
/// </summary>
internal sealed class FdTable(MachineContext context, FilesTable self, int limit) : Actor
{
    private Slot[] _slots = new Slot[16];
    private ulong[] _taken = new ulong[1];
    private int _firstFree;
    private int _limit = self.Limit = limit;

    /// <summary>Fills the first descriptors of a new process; before the table is spawned.</summary>
    internal void Preset(int fd, OpenFileRef file)
    {
        Reserve(fd);
        _slots[fd].File = file;
    }

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        if (message is PollQuery query)
        {
            Ask(query);
            return;
        }
        if (message is not Call call)
            throw new InvalidOperationException($"An fd table has no use for a {message.GetType().Name}.");
        switch (call.Step)
        {
            case CallStep.TableLookUp:
                LookUp(call);
                break;
            case CallStep.TableReserve:
                call.Return(ReserveLowest(0) is var fd and >= 0 ? fd : SysResult.Error(Errno.EMFILE));
                break;
            case CallStep.TableInstall:
                Install(call);
                break;
            case CallStep.TableCloseNext:
                CloseNext(call);
                break;
            default:
                throw new InvalidOperationException($"An fd table has no step {call.Step}.");
        }
    }

    private void Ask(PollQuery query)
    {
        if (Find(query.Fd) is { IsPath: false } file)
            query.Found(file);
        else
            query.Answer(PollEvents.Nval);
    }

    private void LookUp(Call call)
    {
        if (Find(call.Fd) is not { } file)
        {
            call.Return(Errno.EBADF);
            return;
        }
        switch (call.Nr)
        {
            case SyscallNumber.Close:
                Close(call, call.Fd, file);
                break;
            case SyscallNumber.Dup:
                Duplicate(call, file, from: 0, closeOnExec: false);
                break;
            case SyscallNumber.Dup2:
                Dup2(call, file, (int)call.Argument);
                break;
            case SyscallNumber.Fcntl:
                Fcntl(call, file);
                break;
            default:
                if (file.IsPath)
                    call.Return(Errno.EBADF);
                else
                    PassToFile(call, file);
                break;
        }
    }

    private static void PassToFile(Call call, OpenFileRef file)
    {
        call.File = file;
        call.PassTo(file.Actor, CallStep.FileOperate, call.CallRank);
    }

    private void Fcntl(Call call, OpenFileRef file)
    {
        switch ((FcntlCommand)call.Argument)
        {
            case FcntlCommand.DupFd:
            case FcntlCommand.DupFdCloseOnExec:
                if (call.Argument2 < 0 || call.Argument2 >= _limit)
                    call.Return(Errno.EINVAL);
                else
                    Duplicate(call, file, (int)call.Argument2, (FcntlCommand)call.Argument == FcntlCommand.DupFdCloseOnExec);
                break;
            case FcntlCommand.GetFd:
                call.Return(_slots[call.Fd].CloseOnExec ? 1 : 0);
                break;
            case FcntlCommand.SetFd:
                _slots[call.Fd].CloseOnExec = (call.Argument2 & 1) != 0;
                call.Return(0);
                break;
            case FcntlCommand.GetFl when file.IsPath:
                call.Return((long)OpenFlags.Path);
                break;
            default:
                if (file.IsPath)
                    call.Return(Errno.EBADF);
                else
                    PassToFile(call, file);
                break;
        }
    }

    private void Duplicate(Call call, OpenFileRef file, int from, bool closeOnExec)
    {
        int fd = ReserveLowest(from);
        if (fd < 0)
        {
            call.Return(Errno.EMFILE);
            return;
        }
        InstallAt(call, fd, file, closeOnExec);
    }

    private void Install(Call call)
    {
        int fd = call.Fd;
        if (call.Result.IsError)
        {
            Free(fd);
            call.Return(call.Result);
            return;
        }
        OpenFileRef file = call.File!; // set by whoever opened it
        InstallAt(call, fd, file, (call.Flags & OpenFlags.CloseOnExec) != 0);
    }

    // Every call that makes a descriptor rides on its install hook: the file has the reference before the call is answered.
    private void InstallAt(Call call, int fd, OpenFileRef file, bool closeOnExec)
    {
        _slots[fd] = new Slot { File = file, CloseOnExec = closeOnExec };
        context.Events.Emit(MachineEventKind.HookInstall, call, fd, file.Id);
        call.Saved = fd;
        call.Fd = fd;
        call.File = file;
        if (file.IsOob)
            call.PassTo(context.OobStage, CallStep.OobInstall, Rank.Head);
        else
            call.PassTo(file.Actor, CallStep.FileInstalled, Rank.Head);
    }

    private void Dup2(Call call, OpenFileRef file, int fd)
    {
        if (fd < 0 || fd >= _limit)
        {
            call.Return(Errno.EBADF);
            return;
        }
        if (fd == call.Fd)
        {
            call.Return(fd);
            return;
        }
        EnsureSlot(fd);
        OpenFileRef? old = _slots[fd].File;
        if (old is null && IsTaken(fd))
        {
            call.Return(Errno.EBUSY);
            return;
        }
        Reserve(fd);
        _slots[fd] = new Slot { File = file };
        context.Events.Emit(MachineEventKind.HookReplace, call, fd, file.Id);
        call.Saved = fd;
        call.Fd = fd;
        Replace(call, fd, old, file);
    }

    // The new file's take goes first, by the new file's own path, then the old file's drop by its own, with the call riding on
    // it. Whatever a later look-up of the number leads to is behind the take; whatever an earlier one led to is ahead of the drop.
    private void Replace(Call call, int fd, OpenFileRef? old, OpenFileRef @new)
    {
        if (old is null)
        {
            call.File = null;
            call.NewFile = @new;
            if (@new.IsOob)
                call.PassTo(context.OobStage, CallStep.OobReplace, Rank.Head);
            else
                call.PassTo(@new.Actor, CallStep.FileInstalled, Rank.Head);
            return;
        }
        call.File = old;
        if (old.IsOob)
        {
            call.NewFile = @new.IsOob ? @new : null;
            if (!@new.IsOob)
                Take(@new.Actor, fd, @new, table: null);
            call.PassTo(context.OobStage, CallStep.OobReplace, Rank.Head);
            return;
        }
        if (@new.IsOob)
            Take(context.OobStage, fd, @new, self);
        else
            Take(@new.Actor, fd, @new, table: null);
        call.PassTo(old.Actor, CallStep.FileDrop, Rank.InBand);
    }

    private static void Take(ActorRef by, int fd, OpenFileRef file, FilesTable? table)
    {
        TakeReference take = file.RentTake();
        take.Fd = fd;
        take.Table = table;
        by.Tell(take, Rank.Head);
    }

    private void Close(Call call, int fd, OpenFileRef file)
    {
        Free(fd);
        context.Events.Emit(MachineEventKind.HookUninstall, call, fd, file.Id);
        call.Saved = 0;
        call.Fd = fd;
        call.File = file;
        // The hook is head-ranked: no oob look-up that follows sees the old entry. The drop behind it is in-band-ranked.
        if (file.IsOob)
            call.PassTo(context.OobStage, CallStep.OobUninstall, Rank.Head);
        else
            call.PassTo(file.Actor, CallStep.FileDrop, Rank.InBand);
    }

    private void CloseNext(Call call)
    {
        for (int word = 0; word < _taken.Length; word++)
        {
            for (ulong bits = _taken[word]; bits != 0; bits &= bits - 1)
            {
                int fd = (word * 64) + BitOperations.TrailingZeroCount(bits);
                if (_slots[fd].File is { } file)
                {
                    Close(call, fd, file);
                    return;
                }
            }
        }
        call.Return(Errno.ENOENT);
    }

    private OpenFileRef? Find(int fd) => (uint)fd < (uint)_slots.Length ? _slots[fd].File : null;

    private bool IsTaken(int fd) => (_taken[fd >> 6] & (1ul << fd)) != 0;

    // The lowest free number, not below from and below the limit; -1: none.
    private int ReserveLowest(int from)
    {
        int start = Math.Max(from, _firstFree);
        int fd = start;
        while (fd < _limit && fd < _slots.Length)
        {
            ulong free = ~_taken[fd >> 6] & (ulong.MaxValue << (fd & 63));
            if (free != 0)
            {
                fd = (fd & ~63) + BitOperations.TrailingZeroCount(free);
                break;
            }
            fd = (fd & ~63) + 64;
        }
        if (fd >= _limit)
            return -1;
        EnsureSlot(fd);
        Reserve(fd);
        if (from <= _firstFree)
            _firstFree = fd + 1;
        return fd;
    }

    private void Reserve(int fd)
    {
        EnsureSlot(fd);
        _taken[fd >> 6] |= 1ul << fd;
    }

    private void Free(int fd)
    {
        _slots[fd] = default;
        _taken[fd >> 6] &= ~(1ul << fd);
        _firstFree = Math.Min(_firstFree, fd);
    }

    private void EnsureSlot(int fd)
    {
        if (fd < _slots.Length)
            return;
        int size = Math.Max(fd + 1, _slots.Length * 2);
        size = (size + 63) & ~63;
        Array.Resize(ref _slots, size);
        Array.Resize(ref _taken, size / 64);
    }

    private struct Slot
    {
        public OpenFileRef? File;
        public bool CloseOnExec;
    }
}

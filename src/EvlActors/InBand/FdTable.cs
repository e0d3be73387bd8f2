using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Files;

namespace EvlActors.InBand;

/// <summary>
/// One table of descriptors. Counterpart of <c>struct files_struct</c>. It resolves numbers, makes, replaces and closes them,
/// and sends Dovetail's hooks in the turn that changes the slot: once the hook is sent, no later look-up sees the old entry.
/// </summary>
internal sealed class FdTable(MachineContext context, FilesTable self) : Actor
{
    private readonly FdBitmap _numbers = new();

    /// <summary>How many numbers are taken that no file has: reserved, or lost.</summary>
    internal int ReservedCount
    {
        get
        {
            int reserved = 0;
            for (int fd = _numbers.NextTaken(0); fd >= 0; fd = _numbers.NextTaken(fd + 1))
                reserved += Find(fd) is null ? 1 : 0;
            return reserved;
        }
    }

    /// <summary>Fills the first descriptors of a new process; before the table is spawned.</summary>
    internal void Preset(int fd, OpenFileRef file, bool closeOnExec = false)
    {
        _numbers.Take(fd);
        SlotOf(fd) = new FdSlot(file, closeOnExec);
    }

    /// <inheritdoc/>
    internal override bool RunsUserCode => false;

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        switch (message)
        {
            case Call call:
                OnCall(call);
                break;
            case PollQuery query:
                Ask(query);
                break;
            case PollGlance glance:
                Glance(glance);
                break;
            case FileRequest { Kind: FileRequestKind.InstallFile } request:
                InstallMade(request);
                break;
            case Look look:
                Describe(look.Survey);
                look.End();
                break;
            default:
                throw new InvalidOperationException($"An fd table has no use for a {message.GetType().Name}.");
        }
    }

    /// <inheritdoc/>
    internal override bool ReceiveOrAnswer(Message message)
    {
        if (message is Call { Step: CallStep.TableLookUp, Nr: SyscallNumber.Read or SyscallNumber.Write } call && Find(call.Fd) is { IsPath: false } file)
            return PassToFile(call, file);
        Receive(message);
        return false;
    }

    private void OnCall(Call call)
    {
        switch (call.Step)
        {
            case CallStep.TableLookUp:
                if (FdArguments.Check(call) is var refused and not Errno.None)
                    call.Return(refused);
                else if (call.Nr == SyscallNumber.CloseRange)
                    CloseRange(call);
                else
                    LookUp(call);
                break;
            case CallStep.TableRangeClosed:
                CloseNextOfRange(call);
                break;
            case CallStep.TableReserve:
                call.Return(TakeLowest(call, 0) is var fd and >= 0 ? fd : SysResult.Error(Errno.EMFILE));
                break;
            case CallStep.TableInstall:
                Install(call);
                break;
            case CallStep.TableCloseNext:
                CloseNext(call, onExec: false);
                break;
            case CallStep.TableCloseOnExec:
                CloseNext(call, onExec: true);
                break;
            case CallStep.TableCopy:
                CopyTo(call.NewFiles!, call); // a copy is asked for with where it goes
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

    private void Glance(PollGlance glance)
    {
        int ready = 0;
        foreach (PollQuery query in glance.Queries)
        {
            PollEvents mask = Find(query.Fd) is { IsPath: false } file ? file.Device.Level : PollEvents.Nval;
            if (mask == DeviceRef.UnknownLevel)
            {
                glance.AnswerIncomplete();
                return;
            }
            query.Mask = mask;
            if ((mask & (query.Events | PollEvents.Nval)) != PollEvents.None)
                ready++;
        }
        glance.Answer(ready);
    }

    // Both numbers are resolved in one turn, and what can be said of the files without asking them.
    private void Epoll(Call call, OpenFileRef epoll)
    {
        Errno refused = epoll.IsPath ? Errno.EBADF : Errno.None;
        if (call.Nr == SyscallNumber.EpollCtl && refused == Errno.None)
        {
            call.NewFile = Find((int)call.Argument2);
            refused = call.NewFile is not { IsPath: false } target ? Errno.EBADF
                : !target.Device.Operations.Has(FileOperation.Poll) ? Errno.EPERM
                : target == epoll ? Errno.EINVAL : Errno.None;
        }
        if (refused == Errno.None && (epoll.Device.Traits & DeviceTraits.Epoll) == 0)
            refused = Errno.EINVAL;
        if (refused != Errno.None)
        {
            call.Return(refused);
            return;
        }
        if (call.NewFile is { } held && call.Nr == SyscallNumber.EpollCtl)
        {
            // The call holds what it changes the registration of: a close meanwhile neither ends that nor changes the answer.
            Take(held.Actor, (int)call.Argument2, held, table: null);
            call.Push(held.Actor, CallStep.FileGivenBack);
        }
        BringToFile(call, epoll);
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
            case SyscallNumber.Dup3:
                Dup2(call, file, call.Argument);
                break;
            case SyscallNumber.Ioctl when !file.IsPath && (uint)call.Argument is VfsIoctl.Fioclex or VfsIoctl.Fionclex:
                self.Slots[call.Fd].CloseOnExec = (uint)call.Argument == VfsIoctl.Fioclex;
                call.Return(0);
                break;
            case SyscallNumber.EpollCtl or SyscallNumber.EpollWait:
                Epoll(call, file);
                break;
            case SyscallNumber.Fcntl:
                Fcntl(call, file);
                break;
            default:
                if (file.IsPath)
                    call.Return(Errno.EBADF);
                else
                    BringToFile(call, file);
                break;
        }
    }

    private void BringToFile(Call call, OpenFileRef file)
    {
        if (PassToFile(call, file))
            call.Return(call.Result, this);
    }

    private bool PassToFile(Call call, OpenFileRef file)
    {
        call.File = file;
        return call.PassTo(file.Actor, CallStep.FileOperate, call.CallRank, this);
    }

    private void Fcntl(Call call, OpenFileRef file)
    {
        switch ((FcntlCommand)call.Argument)
        {
            case FcntlCommand.DupFd:
            case FcntlCommand.DupFdCloseOnExec:
                if (call.Argument2 < 0 || call.Argument2 >= LimitOf(call))
                    call.Return(Errno.EINVAL);
                else
                    Duplicate(call, file, (int)call.Argument2, (FcntlCommand)call.Argument == FcntlCommand.DupFdCloseOnExec);
                break;
            case FcntlCommand.GetFd:
                call.Return(self.Slots[call.Fd].CloseOnExec ? 1 : 0);
                break;
            case FcntlCommand.SetFd:
                self.Slots[call.Fd].CloseOnExec = (call.Argument2 & 1) != 0;
                call.Return(0);
                break;
            case FcntlCommand.GetFl when file.IsPath:
                call.Return((long)OpenFlags.Path);
                break;
            default:
                if (file.IsPath)
                    call.Return(Errno.EBADF);
                else
                    BringToFile(call, file);
                break;
        }
    }

    private void Duplicate(Call call, OpenFileRef file, int from, bool closeOnExec)
    {
        int fd = TakeLowest(call, from);
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
        SlotOf(fd) = new FdSlot(file, closeOnExec);
        context.Events.Emit(MachineEventKind.HookInstall, call, fd, file.Id);
        call.Saved = fd;
        call.Fd = fd;
        call.File = file;
        if (file.IsOob)
            call.PassTo(context.OobStage, CallStep.OobInstall, Rank.Head);
        else
            call.PassTo(file.Actor, CallStep.FileInstalled, Rank.Head);
    }

    private void Dup2(Call call, OpenFileRef file, long number)
    {
        if (number == call.Fd)
        {
            // dup2 only, dup3 has refused it: nothing at all changes, whatever the limit is now.
            call.Return(number);
            return;
        }
        if (number < 0 || number >= LimitOf(call))
        {
            call.Return(Errno.EBADF);
            return;
        }
        int fd = (int)number;
        OpenFileRef? old = Find(fd);
        if (old is null && _numbers.IsTaken(fd))
        {
            call.Return(Errno.EBUSY);
            return;
        }
        bool closeOnExec = call.Nr == SyscallNumber.Dup3 && ((OpenFlags)call.Argument2 & OpenFlags.CloseOnExec) != 0;
        _numbers.Take(fd);
        SlotOf(fd) = new FdSlot(file, closeOnExec);
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

    // One descriptor for each request, ascending: the call has come back from the one before.
    private void CloseNext(Call call, bool onExec)
    {
        int fd = NextOpen(Math.Max(call.Fd, 0));
        while (onExec && fd >= 0 && !self.Slots[fd].CloseOnExec)
            fd = NextOpen(fd + 1);
        if (fd < 0)
            call.Return(Errno.ENOENT);
        else
            Close(call, fd, self.Slots[fd].File!); // it is open
    }

    // Argument is the number to go on with, Argument2 the last one.
    private void CloseRange(Call call)
    {
        if (((CloseRangeFlags)call.Argument3 & CloseRangeFlags.CloseOnExec) == 0)
        {
            CloseNextOfRange(call);
            return;
        }
        for (int fd = NextOpen(call.Argument); fd >= 0 && fd <= call.Argument2; fd = NextOpen(fd + 1))
            self.Slots[fd].CloseOnExec = true;
        call.Return(0);
    }

    // One after the other, each with its flush and release; what they say is lost. Others use the table in between.
    private void CloseNextOfRange(Call call)
    {
        int fd = NextOpen(call.Argument);
        if (fd < 0 || fd > call.Argument2)
        {
            call.Return(0);
            return;
        }
        call.Argument = fd + 1;
        call.Push(Self, CallStep.TableRangeClosed);
        Close(call, fd, self.Slots[fd].File!); // it is open
    }

    // A file that a driver made is complete when it comes here. It is spawned, installed and taken in one turn, so that no
    // number is seen without its file, and what the answer leads to is behind the take.
    private void InstallMade(FileRequest request)
    {
        Call by = request.Call!; // a handler installs for its caller
        int fd = TakeLowest(by, 0);
        Errno refused = fd < 0 ? Errno.EMFILE : context.CountFiles(by, 1);
        if (refused != Errno.None)
        {
            if (fd >= 0)
                _numbers.Free(fd);
            request.Answer(refused);
            return;
        }
        OpenFileRef file = request.File!; // the request brings it
        var made = new OpenFile(context, file, request.Flags, request.Handle);
        made.Preset(request.Modes);
        file.Actor = Engine.Spawn(
            made, new SpawnOptions("files", Placement.WithNeighbour, context.Supervisor, file.Device.Actor) { Number = file.Id });
        SlotOf(fd) = new FdSlot(file, (request.Flags & OpenFlags.CloseOnExec) != 0);
        context.Events.Emit(MachineEventKind.HookInstall, request.Call, fd, file.Id);
        if (file.IsOob)
            Take(context.OobStage, fd, file, self);
        else
            Take(file.Actor, fd, file, table: null);
        request.Fd = fd;
        request.Answer(Errno.None);
    }

    // All takes go out in the turn that copies, so no close of the original can overtake them. The call follows them through
    // the oob stage: when it is back, every file of the copy is indexed, and its take is ahead of what the copy leads to.
    private void CopyTo(FilesTable copy, Call call)
    {
        var table = new FdTable(context, copy);
        // What close_range would close to the end of the table is not copied: no close and no hook for it.
        bool leavesRest = call.Nr == SyscallNumber.CloseRange && NextOpen(call.Argument2 + 1) < 0
            && ((CloseRangeFlags)call.Argument3 & CloseRangeFlags.CloseOnExec) == 0;
        long end = leavesRest ? Math.Min(call.Argument, self.Slots.Length) : self.Slots.Length;
        for (int fd = 0; fd < end; fd++)
        {
            if (self.Slots[fd].File is not { } file)
                continue;
            table.Preset(fd, file, self.Slots[fd].CloseOnExec);
            if (file.IsOob)
                Take(context.OobStage, fd, file, copy);
            else
                Take(file.Actor, fd, file, table: null);
        }
        copy.Actor = Engine.Spawn(table, new SpawnOptions($"tables/{copy.Id}", Supervisor: context.Supervisor));
        call.PassTo(context.OobStage, CallStep.OobCopied, Rank.Head);
    }

    // The question goes the way that a take goes: the file's count has what this table has taken.
    private void Describe(Survey survey)
    {
        var descriptors = new List<DescriptorSnapshot>();
        for (int fd = NextOpen(0); fd >= 0; fd = NextOpen(fd + 1))
        {
            OpenFileRef file = self.Slots[fd].File!; // it is open
            descriptors.Add(new DescriptorSnapshot(fd, file.Id, self.Slots[fd].CloseOnExec));
            if (file.IsOob)
                survey.Ask(context.OobStage, file);
            else
                survey.Ask(file.Actor);
        }
        survey.Say(new MachineSnapshot.TableLine(self.Id, descriptors));
    }

    // RLIMIT_NOFILE of who calls, as it is now: processes that share a table have one each.
    private static int LimitOf(Call call) => call.Thread.Process.MaxFiles;

    private int TakeLowest(Call call, int from) =>
        context.ShouldFail(FaultPoint.Descriptor, call, "a descriptor") ? -1 : _numbers.TakeLowest(from, LimitOf(call));

    private OpenFileRef? Find(int fd) => (uint)fd < (uint)self.Slots.Length ? self.Slots[fd].File : null;

    // The lowest open number that is not below from, -1: none; reserved ones are not open.
    private int NextOpen(long from)
    {
        int fd = from > int.MaxValue ? -1 : _numbers.NextTaken((int)from);
        while (fd >= 0 && Find(fd) is null)
            fd = _numbers.NextTaken(fd + 1);
        return fd;
    }

    private void Free(int fd)
    {
        SlotOf(fd) = default;
        _numbers.Free(fd);
    }

    private ref FdSlot SlotOf(int fd)
    {
        if (fd >= self.Slots.Length)
            Array.Resize(ref self.Slots, Math.Max(fd + 1, self.Slots.Length * 2));
        return ref self.Slots[fd];
    }
}

using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.OutOfBand;

/// <summary>
/// The out-of-band stage: the index of oob files, (files table, fd) to open file, fed by Dovetail's three hooks. It resolves
/// the descriptors of oob calls and never hands out a file: it passes the request on in the turn that resolved it.
/// </summary>
internal sealed class OobStage : Actor
{
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
            case TakeReference take:
                // A file moves onto a descriptor whose old file is not oob: indexed here, then taken.
                Set(take.Table!, take.Fd, take.File); // a take that comes this way names its table
                take.File.Actor.Tell(take, Rank.Head);
                break;
            case FileRequest { Kind: FileRequestKind.GetFile } request:
                GetFile(request);
                break;
            case PollQuery query:
                OnPoll(query);
                break;
            case Look look:
                look.File!.Actor.Tell(look, Rank.Head); // what comes this way is for a file
                break;
            default:
                throw new InvalidOperationException($"The oob stage has no use for a {message.GetType().Name}.");
        }
    }

    /// <inheritdoc/>
    internal override bool ReceiveOrAnswer(Message message)
    {
        switch (message)
        {
            case Call { Step: CallStep.OobEnter } call:
                return Enter(call);
            case Call { Step: CallStep.OobLookUp } call:
                return LookUp(call);
            default:
                Receive(message);
                return false;
        }
    }

    private void OnCall(Call call)
    {
        switch (call.Step)
        {
            case CallStep.OobEnter:
                if (Enter(call))
                    call.Return(call.Result, this);
                break;
            case CallStep.OobLookUp:
                if (LookUp(call))
                    call.Return(call.Result, this);
                break;
            case CallStep.OobInstall:
                Set(call.Files, call.Fd, call.File);
                call.PassTo(call.File!.Actor, CallStep.FileInstalled, Rank.Head); // the hook names the file
                break;
            case CallStep.OobReplace:
                Replace(call);
                break;
            case CallStep.OobCopied:
                // The takes of the copied files came this way before the call: whoever hears of the copy finds them taken.
                call.Return(0);
                break;
            case CallStep.OobUninstall:
                Set(call.Files, call.Fd, null);
                // In-band-ranked: every oob call that was sent to this file from here is ahead of the drop.
                call.PassTo(call.File!.Actor, CallStep.FileDrop, Rank.InBand); // the hook names the file
                break;
            default:
                throw new InvalidOperationException($"The oob stage has no step {call.Step}.");
        }
    }

    private bool Enter(Call call)
    {
        if (Find(call.Files, call.Fd) is { } file)
        {
            call.File = file;
            return call.PassTo(file.Actor, CallStep.FileOobOperate, call.CallRank, this);
        }
        call.Result = Errno.EBADF;
        return true;
    }

    // Safe for the reason that makes oob calls safe: the hooks are head-ranked, so once a slot has changed no later look-up here
    // sees the old file, and the drop that a hook leads to is in-band-ranked and sent from here, so this call is ahead of it.
    private bool LookUp(Call call)
    {
        bool isTablesOwn = call.Nr == SyscallNumber.Ioctl && (uint)call.Argument is VfsIoctl.Fioclex or VfsIoctl.Fionclex;
        if (!isTablesOwn && Find(call.Files, call.Fd) is { } file)
        {
            call.File = file;
            return call.PassTo(file.Actor, CallStep.FileOperate, Rank.InBand, this);
        }
        return call.PassTo(call.Files.Actor, CallStep.TableLookUp, Rank.InBand, this);
    }

    // One turn: retarget, take on the new file, drop on the old. Nobody can look the number up in between.
    private static void Replace(Call call)
    {
        OpenFileRef? @new = call.NewFile;
        Set(call.Files, call.Fd, @new);
        if (call.File is not { } old)
        {
            // The number was free: the call rides to the new file.
            call.PassTo(@new!.Actor, CallStep.FileInstalled, Rank.Head); // without an old file there is a new one
            return;
        }
        if (@new is not null)
        {
            TakeReference take = @new.RentTake();
            take.Fd = call.Fd;
            @new.Actor.Tell(take, Rank.Head);
        }
        call.PassTo(old.Actor, CallStep.FileDrop, Rank.InBand);
    }

    private static void GetFile(FileRequest request)
    {
        if (Find(request.Files!, request.Fd) is { } file) // a look-up names its table
            file.Actor.Tell(request, Rank.Head);
        else
            request.Answer(Errno.EBADF);
    }

    // Finding the file and watching the number are one turn: no close is missed in between.
    private static void OnPoll(PollQuery query)
    {
        if (query.Step == PollStep.OobForget)
        {
            NumberWatch.End(query);
            query.ForgetAtDevice();
        }
        else if (Find(query.Files!, query.Fd) is { } file) // a look-up names its table
        {
            NumberWatch.Begin(query);
            query.Found(file);
        }
        else
        {
            query.Answer(PollEvents.Nval);
        }
    }

    private static OpenFileRef? Find(FilesTable table, int fd) => (uint)fd < (uint)table.OobIndex.Length ? table.OobIndex[fd] : null;

    private static void Set(FilesTable table, int fd, OpenFileRef? file)
    {
        if (fd >= table.OobIndex.Length)
        {
            if (file is null)
                return;
            Array.Resize(ref table.OobIndex, Math.Max(Math.Max(fd + 1, table.OobIndex.Length * 2), 8));
        }
        if (table.OobIndex[fd] is not null)
            NumberWatch.Tell(table, fd);
        table.OobIndex[fd] = file;
    }
}

using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Files;

namespace EvlActors.InBand;

/// <summary>
/// open(2), and the first file of a new element: a number is reserved, the path resolved, the file spawned and opened by its
/// driver; the table installs it, or gets the number back.
/// </summary>
internal sealed class FileOpener(MachineContext context, DeviceNamespace nodes, ElementRegistry elements)
{
    /// <summary>The number comes first: EMFILE is said before path or driver are looked at.</summary>
    internal void Reserve(Call call)
    {
        call.Push(context.InBandStage, CallStep.InBandReserved);
        call.PassTo(call.Files.Actor, CallStep.TableReserve, Rank.InBand);
    }

    /// <summary>The number was reserved, or not.</summary>
    internal void OnReserved(Call call)
    {
        if (call.Result.IsError)
        {
            if (call.Object is Element unopened)
                elements.Forget(unopened);
            call.Return(call.Result);
            return;
        }
        call.Fd = (int)call.Result.Value;
        if (call.Object is Element element)
        {
            call.Flags = OpenFlags.ReadWrite | OpenFlags.CloseOnExec | (OpenFlags)call.Argument & OpenFlags.NonBlock;
            Open(call, element.Device!); // an element has its device before its first file
            return;
        }
        if (call.Object is DeviceRef device)
        {
            call.Flags = OpenFlags.ReadWrite | (OpenFlags)call.Argument & OpenFlags.CloseOnExec;
            Open(call, device);
            return;
        }
        call.Flags = (OpenFlags)call.Argument;
        if ((call.Flags & OpenFlags.Path) != 0)
            call.Flags &= OpenFlags.Path | OpenFlags.Directory | OpenFlags.CloseOnExec;
        Errno refused = nodes.Resolve((string)call.Object!, call.Flags, out DeviceNode? node); // an open names a path
        if (refused != Errno.None)
            GiveBack(call, refused);
        else if ((call.Flags & OpenFlags.Path) != 0)
            OpenPath(call, node!); // resolved
        else
            Open(call, nodes.DeviceOf(node!)); // resolved
    }

    // The number that was reserved goes back to the table, with the error riding on it.
    private static void GiveBack(Call call, Errno errno)
    {
        call.Result = errno;
        call.PassTo(call.Files.Actor, CallStep.TableInstall, Rank.InBand);
    }

    // O_PATH names the node and leaves its driver alone: a file without operations.
    private void OpenPath(Call call, DeviceNode node)
    {
        var file = new OpenFileRef(context.NextFileId(), new DeviceRef(node.Path, default, DeviceTraits.None)) { IsPath = true };
        file.Actor = context.Engine.Spawn(
            new OpenFile(context, file, call.Flags), new SpawnOptions($"files/{file.Id}", Supervisor: context.Supervisor));
        call.File = file;
        call.Result = 0;
        call.PassTo(call.Files.Actor, CallStep.TableInstall, Rank.InBand);
    }

    private void Open(Call call, DeviceRef device)
    {
        var file = new OpenFileRef(context.NextFileId(), device);
        var options = new SpawnOptions($"files/{file.Id}", Placement.WithNeighbour, context.Supervisor, device.Actor);
        file.Actor = context.Engine.Spawn(new OpenFile(context, file, call.Flags), options);
        call.File = file;
        // From the driver's open the call goes on to the table: install, or free the number.
        call.Push(call.Files.Actor, CallStep.TableInstall);
        call.PassTo(file.Actor, CallStep.FileOpen, Rank.InBand);
    }
}

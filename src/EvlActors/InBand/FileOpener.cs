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
    // What O_PATH leaves of the flags: no driver and no access mode are asked for.
    private const OpenFlags PathFlags = OpenFlags.Path | OpenFlags.Directory | OpenFlags.CloseOnExec;

    private static readonly DeviceRef s_noDevice = new("path", default, DeviceTraits.None);

    /// <summary>The number comes first: EMFILE is said before path or driver are looked at.</summary>
    internal void Reserve(Call call)
    {
        call.Push(context.InBandStage, CallStep.InBandReserved);
        call.PassTo(call.Files.Actor, CallStep.TableReserve, Rank.InBand);
    }

    /// <summary>The number was reserved, or not.</summary>
    internal void OnReserved(Call call)
    {
        var element = call.Object as Element;
        if (call.Result.IsError)
        {
            if (element is not null)
                elements.Forget(element);
            call.Return(call.Result);
            return;
        }
        call.Fd = (int)call.Result.Value;
        if (context.CountFiles(call, 1) is var refused and not Errno.None)
        {
            if (element is not null)
                elements.Forget(element);
            GiveBack(call, refused);
        }
        else if (element is not null)
        {
            OpenFirst(call, element);
        }
        else if (call.Object is DeviceRef device)
        {
            // A file of a device without a node: an epoll.
            call.Flags = OpenFlags.ReadWrite | (OpenFlags)call.Argument & OpenFlags.CloseOnExec;
            call.Push(call.Files.Actor, CallStep.TableInstall);
            Open(call, device);
        }
        else
        {
            OpenPath(call, (string)call.Object!); // an open names a path
        }
    }

    /// <summary>The driver of a new element has opened its first file, or not; on to the table.</summary>
    internal void OnElementOpened(Call call)
    {
        var element = (Element)call.Object!; // such a call carries its element
        if (call.Result.IsError)
            elements.Forget(element);
        else
            elements.Publish(element);
        call.PassTo(call.Files.Actor, CallStep.TableInstall, Rank.InBand);
    }

    // The number that was reserved goes back to the table, with the error riding on it.
    private static void GiveBack(Call call, Errno errno)
    {
        call.Result = errno;
        call.PassTo(call.Files.Actor, CallStep.TableInstall, Rank.InBand);
    }

    private void OpenPath(Call call, string path)
    {
        call.Flags = (OpenFlags)call.Argument;
        if ((call.Flags & OpenFlags.Path) != 0)
            call.Flags &= PathFlags;
        Errno refused = nodes.Resolve(path, call.Flags, call.Credentials, out DeviceNode? node);
        if (refused != Errno.None)
        {
            context.FileGone();
            GiveBack(call, refused);
            return;
        }
        // From the driver's open the call goes on to the table: install, or free the number.
        call.Push(call.Files.Actor, CallStep.TableInstall);
        if ((call.Flags & OpenFlags.Path) != 0)
            Open(call, s_noDevice, new SpawnOptions("", Placement.InBand, context.Supervisor));
        else
            OpenNode(call, node!); // resolved
    }

    private void OpenNode(Call call, DeviceNode node)
    {
        if (node.Element is { } element)
        {
            element.Opens++;
            element.HasNoFile = false;
        }
        Open(call, nodes.DeviceFor(node), node.Number);
    }

    private void OpenFirst(Call call, Element element)
    {
        call.Flags = OpenFlags.ReadWrite | OpenFlags.CloseOnExec | (OpenFlags)call.Argument & OpenFlags.NonBlock;
        // Others see a public element when its creator has its file: until then nobody can open and end it.
        element.Opens++;
        call.Push(context.InBandStage, CallStep.InBandElementOpened);
        Open(call, element.Device!); // an element has its device before its first file
    }

    private void Open(Call call, DeviceRef device, DeviceNumber number = default) =>
        Open(call, device, new SpawnOptions("", Placement.WithNeighbour, context.Supervisor, device.Actor), number);

    private void Open(Call call, DeviceRef device, SpawnOptions options, DeviceNumber number = default)
    {
        var file = new OpenFileRef(context.NextFileId(), device)
        {
            IsPath = (call.Flags & OpenFlags.Path) != 0,
            Number = number,
        };
        file.Actor = context.Engine.Spawn(new OpenFile(context, file, call.Flags), options with { Name = "files", Number = file.Id });
        call.File = file;
        call.PassTo(file.Actor, CallStep.FileOpen, Rank.InBand);
    }
}

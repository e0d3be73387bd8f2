using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;
using EvlActors.Files;
using EvlActors.Xbufs;

namespace EvlActors.InBand;

/// <summary>
/// The in-band stage: the VFS. Owns the device namespace, the element names and the processes; passes calls that name a
/// descriptor on to their table, and opens files.
/// </summary>
internal sealed class InbandStage(MachineContext context) : Actor
{
    private const int MaxPath = 4095;
    private const int MaxComponent = 255;

    private readonly Dictionary<string, DeviceNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "/", "/dev", "/dev/evl" };
    private readonly Dictionary<DeviceRef, DeviceNode> _nodeOfDevice = [];
    private readonly Dictionary<(string Class, string Name), Element> _elements = [];
    private readonly Dictionary<DeviceRef, Element> _elementOfDevice = [];
    private readonly Dictionary<int, Element> _elementOfThread = [];
    private readonly Dictionary<string, int> _minors = new(StringComparer.Ordinal);
    private readonly Dictionary<ProcessInfo, ProcessRecord> _processes = [];

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        switch (message)
        {
            case Call call:
                OnCall(call);
                break;
            case AddNode add:
                AddNode(add.Node);
                break;
            case ProcessMessage { Thread: null } made:
                _processes.Add(made.Process, new ProcessRecord());
                break;
            case ProcessMessage made:
                AddThread(made.Process, made.Thread!); // the case above has none
                break;
            case ThreadEnded ended:
                OnThreadEnded(ended.Thread);
                break;
            case DeviceFailed failed:
                // The next open of the node spawns a fresh device.
                if (_nodeOfDevice.Remove(failed.Device, out DeviceNode? node))
                    node.Device = null;
                break;
            case ElementGone gone:
                OnElementGone(gone.Device);
                break;
            case DetachElement detached:
                OnDetached(detached.Thread);
                break;
            case EndOfGrace:
                foreach (DeviceRef device in _nodeOfDevice.Keys.Concat(_elementOfDevice.Keys))
                    device.Actor.Tell(new FailDevice(), Rank.Head);
                break;
            default:
                throw new InvalidOperationException($"The in-band stage has no use for a {message.GetType().Name}.");
        }
    }

    private void OnCall(Call call)
    {
        switch (call.Step)
        {
            case CallStep.InBandEnter:
                Enter(call);
                break;
            case CallStep.InBandReserved:
                OnReserved(call);
                break;
            case CallStep.InBandClosed:
                CloseNext(call);
                break;
            default:
                throw new InvalidOperationException($"The in-band stage has no step {call.Step}.");
        }
    }

    private void Enter(Call call)
    {
        switch (call.Nr)
        {
            case SyscallNumber.EvlInit:
                call.Thread.Process.IsInitialised = true;
                call.Return(0);
                break;
            case SyscallNumber.Open:
                // The number comes first: EMFILE is said before path or driver are looked at.
                Reserve(call);
                break;
            case SyscallNumber.CreateXbuf:
                CreateXbuf(call);
                break;
            case SyscallNumber.Attach:
                Attach(call);
                break;
            case SyscallNumber.Exit:
                Exit(call);
                break;
            default:
                call.PassTo(call.Files.Actor, CallStep.TableLookUp, Rank.InBand);
                break;
        }
    }

    private void Reserve(Call call)
    {
        call.Push(Self, CallStep.InBandReserved);
        call.PassTo(call.Files.Actor, CallStep.TableReserve, Rank.InBand);
    }

    private void OnReserved(Call call)
    {
        if (call.Result.IsError)
        {
            if (call.Object is Element unopened)
                Forget(unopened);
            call.Return(call.Result);
            return;
        }
        call.Fd = (int)call.Result.Value;
        if (call.Object is Element element)
        {
            call.Flags = OpenFlags.ReadWrite | OpenFlags.CloseOnExec | (OpenFlags)call.Argument & OpenFlags.NonBlock;
            OpenFile(call, element.Device!); // an element has its device before its first file
            return;
        }
        var path = (string)call.Object!; // an open names a path
        call.Flags = (OpenFlags)call.Argument;
        Errno refused = Resolve(call, path, out DeviceNode? node);
        if (refused != Errno.None)
        {
            GiveBack(call, refused);
            return;
        }
        node!.Device ??= SpawnDevice(node); // resolved
        OpenFile(call, node.Device);
    }

    // The number that was reserved goes back to the table, with the error riding on it.
    private static void GiveBack(Call call, Errno errno)
    {
        call.Result = errno;
        call.PassTo(call.Files.Actor, CallStep.TableInstall, Rank.InBand);
    }

    private Errno Resolve(Call call, string path, out DeviceNode? node)
    {
        node = null;
        if (path.Length > MaxPath)
            return Errno.ENAMETOOLONG;
        if (path.Length == 0)
            return Errno.ENOENT;
        string[] components = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        string at = "";
        for (int i = 0; i < components.Length; i++)
        {
            if (components[i].Length > MaxComponent)
                return Errno.ENAMETOOLONG;
            at += "/" + components[i];
            bool isLast = i == components.Length - 1;
            if (!isLast && _nodes.ContainsKey(at))
                return Errno.ENOTDIR;
            if (!isLast && !_directories.Contains(at))
                return Errno.ENOENT;
        }
        var flags = (OpenFlags)call.Argument;
        if (_directories.Contains(at.Length == 0 ? "/" : at))
            return (flags & OpenFlags.AccessMode) == OpenFlags.ReadOnly ? Errno.EACCES : Errno.EISDIR;
        if (!_nodes.TryGetValue(at, out node))
            return (flags & OpenFlags.Create) != 0 ? Errno.EACCES : Errno.ENOENT;
        if ((flags & OpenFlags.Create) != 0 && (flags & OpenFlags.Exclusive) != 0)
            return Errno.EEXIST;
        if ((flags & OpenFlags.Directory) != 0)
            return Errno.ENOTDIR;
        return (flags & OpenFlags.AccessMode) == OpenFlags.AccessMode ? Errno.EINVAL : Errno.None;
    }

    private void OpenFile(Call call, DeviceRef device)
    {
        var file = new OpenFileRef(context.NextFileId(), device);
        var options = new SpawnOptions($"files/{file.Id}", Placement.WithNeighbour, context.Supervisor, device.Actor);
        file.Actor = Engine.Spawn(new OpenFile(context, file, call.Flags), options);
        call.File = file;
        // From the driver's open the call goes on to the table: install, or free the number.
        call.Push(call.Files.Actor, CallStep.TableInstall);
        call.PassTo(file.Actor, CallStep.FileOpen, Rank.InBand);
    }

    private void AddNode(DeviceNode node)
    {
        _nodes[node.Path] = node;
        for (int slash = node.Path.LastIndexOf('/'); slash > 0; slash = node.Path.LastIndexOf('/', slash - 1))
            _directories.Add(node.Path[..slash]);
    }

    private DeviceRef SpawnDevice(DeviceNode node)
    {
        DeviceRef device = SpawnDevice(node.Path, node.Operations, DeviceTraits.None, node.Placement, node.Factory, node.FirstDriver);
        node.FirstDriver = null;
        _nodeOfDevice[device] = node;
        return device;
    }

    private DeviceRef SpawnDevice(
        string name, FileOperations operations, DeviceTraits traits, Placement placement, Func<CharDevice> factory, CharDevice? driver)
    {
        var device = new DeviceRef(name, operations, traits);
        var actor = new DeviceActor(context, device, factory, driver);
        device.Actor = Engine.Spawn(actor, new SpawnOptions($"devices{name}", placement, context.Supervisor));
        context.Events.Emit(MachineEventKind.DeviceSpawned, detail: name);
        return device;
    }

    private void CreateXbuf(Call call)
    {
        long inbound = call.Argument2;
        long outbound = call.Argument3;
        if (!call.Thread.Process.IsInitialised)
        {
            call.Return(Errno.ENXIO);
            return;
        }
        if ((inbound | outbound) == 0 || inbound > XbufDevice.MaxRingBytes || outbound > XbufDevice.MaxRingBytes
            || inbound < 0 || outbound < 0)
        {
            call.Return(Errno.EINVAL);
            return;
        }
        XbufDevice driver;
        try
        {
            driver = new XbufDevice((int)inbound, (int)outbound);
        }
        catch (OutOfMemoryException)
        {
            call.Return(Errno.ENOMEM);
            return;
        }
        CreateElement(call, "xbuf", driver, DeviceTraits.Element | DeviceTraits.Xbuf, pin: false);
    }

    private void Attach(Call call)
    {
        call.Thread.Process.IsInitialised = true;
        CreateElement(call, "thread", new ThreadElement(), DeviceTraits.Element, pin: true);
    }

    private void CreateElement(Call call, string @class, CharDevice driver, DeviceTraits traits, bool pin)
    {
        var name = (string?)call.Object;
        Errno refused = NameOf(@class, ref name, out bool isPublic);
        if (refused != Errno.None)
        {
            call.Return(refused);
            return;
        }
        var element = new Element(@class, name!, isPublic) { IsPinned = pin }; // named, or automatically
        FileOperations operations = CharDevice.OperationsOf(driver.GetType());
        element.Device = SpawnDevice($"/evl/{@class}/{name}", operations, traits, Placement.Oob, () => driver, driver);
        _elements.Add((@class, name!), element);
        _elementOfDevice.Add(element.Device, element);
        if (pin)
            _elementOfThread[call.Thread.Tid] = element;
        if (isPublic)
            AddNode(new DeviceNode(element.NodePath, () => driver, Placement.Oob, operations) { Device = element.Device, Element = element });
        call.Object = element;
        Reserve(call);
    }

    private Errno NameOf(string @class, ref string? name, out bool isPublic)
    {
        isPublic = name is ['/', ..];
        if (string.IsNullOrEmpty(name))
        {
            int minor = _minors.GetValueOrDefault(@class);
            _minors[@class] = minor + 1;
            name = $"{@class}%{minor}";
            return Errno.None;
        }
        if (isPublic)
            name = name[1..];
        if (name.Length == 0 || (isPublic && name.Contains('/')))
            return Errno.EINVAL;
        if (name.Length > MaxComponent)
            return Errno.ENAMETOOLONG;
        return _elements.ContainsKey((@class, name)) ? Errno.EEXIST : Errno.None;
    }

    private void OnElementGone(DeviceRef device)
    {
        if (!_elementOfDevice.TryGetValue(device, out Element? element))
            return;
        element.HasNoFile = true;
        if (!element.IsPinned)
            Forget(element);
    }

    private void OnDetached(ThreadInfo thread)
    {
        if (!_elementOfThread.Remove(thread.Tid, out Element? element))
            return;
        element.IsPinned = false;
        if (element.HasNoFile)
            Forget(element);
    }

    private void Forget(Element element)
    {
        _elements.Remove((element.Class, element.Name));
        _elementOfDevice.Remove(element.Device!); // an element that has a name has a device
        if (element.IsPublic)
            _nodes.Remove(element.NodePath);
        Engine.Stop(element.Device!.Actor);
    }

    private void AddThread(ProcessInfo process, ThreadInfo thread)
    {
        ProcessRecord record = _processes[process];
        record.Threads.Add(thread);
        if (record.Exiting is not null)
            thread.Actor.Tell(new KillThread(), Rank.Head);
    }

    private void Exit(Call call)
    {
        ProcessRecord record = _processes[call.Thread.Process];
        if (record.Exiting is not null)
        {
            call.Return(Errno.ESRCH);
            return;
        }
        record.Exiting = call;
        foreach (ThreadInfo thread in record.Threads)
        {
            if (thread != call.Thread)
                thread.Actor.Tell(new KillThread(), Rank.Head);
        }
        CloseAllIfAlone(record);
    }

    private void OnThreadEnded(ThreadInfo thread)
    {
        OnDetached(thread);
        ProcessRecord record = _processes[thread.Process];
        record.Threads.Remove(thread);
        CloseAllIfAlone(record);
    }

    // Descriptors are closed when the other threads of the process are dead, in ascending order, each awaited.
    private void CloseAllIfAlone(ProcessRecord record)
    {
        if (record.Exiting is { } call && record.Threads.TrueForAll(thread => thread == call.Thread) && !record.IsClosing)
        {
            record.IsClosing = true;
            StartClosing(call);
        }
    }

    private void StartClosing(Call call)
    {
        call.Push(Self, CallStep.InBandClosed);
        call.PassTo(call.Files.Actor, CallStep.TableCloseNext, Rank.InBand);
    }

    private void CloseNext(Call call)
    {
        if (call.Result == Errno.ENOENT)
            call.Return(0);
        else
            StartClosing(call);
    }
}

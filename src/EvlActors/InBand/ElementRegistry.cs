using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>
/// The EVL elements of a machine: their names, unique per class; their nodes, if they are public; their ends.
/// Counterpart of kernel/evl/factory.c.
/// </summary>
internal sealed class ElementRegistry(MachineContext context, DeviceNamespace nodes)
{
    private readonly Dictionary<(string Class, string Name), Element> _elements = [];
    private readonly Dictionary<DeviceRef, Element> _elementOfDevice = [];
    private readonly Dictionary<int, Element> _elementOfThread = [];
    private readonly Dictionary<string, int> _minors = new(StringComparer.Ordinal);

    /// <summary>The devices of all elements.</summary>
    internal IEnumerable<DeviceRef> Devices => _elementOfDevice.Keys;

    /// <summary>Makes an element with its device; its first file is still to be opened.</summary>
    /// <param name="class">Its class.</param>
    /// <param name="name">Its name; a leading slash makes it public; null or empty: named by its minor.</param>
    /// <param name="driver">Its driver.</param>
    /// <param name="traits">What the VFS has to know about it.</param>
    /// <param name="pinnedBy">The thread that it stands for, which keeps it alive without files; or null.</param>
    /// <param name="element">The element.</param>
    /// <returns>None, EINVAL, ENAMETOOLONG, EEXIST.</returns>
    internal Errno Create(
        string @class, string? name, CharDevice driver, DeviceTraits traits, ThreadInfo? pinnedBy, out Element? element)
    {
        element = null;
        Errno refused = NameOf(@class, ref name, out bool isPublic);
        if (refused != Errno.None)
            return refused;
        element = new Element(@class, name!, isPublic) { IsPinned = pinnedBy is not null }; // named, or automatically
        FileOperations operations = CharDevice.OperationsOf(driver.GetType());
        element.Device = DeviceSpawner.Spawn(
            context, $"/evl/{@class}/{name}", operations, traits, Placement.Oob, () => driver, driver);
        _elements.Add((@class, name!), element);
        _elementOfDevice.Add(element.Device, element);
        if (pinnedBy is not null)
            _elementOfThread[pinnedBy.Tid] = element;
        if (isPublic)
            nodes.Add(new DeviceNode(element.NodePath, () => driver, Placement.Oob, operations) { Device = element.Device, Element = element });
        return Errno.None;
    }

    /// <summary>The last file of an element's device is gone.</summary>
    internal void OnGone(DeviceRef device)
    {
        if (!_elementOfDevice.TryGetValue(device, out Element? element))
            return;
        element.HasNoFile = true;
        if (!element.IsPinned)
            Forget(element);
    }

    /// <summary>The thread that an element stands for was detached or has ended.</summary>
    internal void OnDetached(ThreadInfo thread)
    {
        if (!_elementOfThread.Remove(thread.Tid, out Element? element))
            return;
        element.IsPinned = false;
        if (element.HasNoFile)
            Forget(element);
    }

    internal void Forget(Element element)
    {
        _elements.Remove((element.Class, element.Name));
        _elementOfDevice.Remove(element.Device!); // an element that has a name has a device
        if (element.IsPublic)
            nodes.Remove(element.NodePath);
        context.Engine.Stop(element.Device!.Actor);
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
        if (name.Length > DeviceNamespace.MaxComponent)
            return Errno.ENAMETOOLONG;
        return _elements.ContainsKey((@class, name)) ? Errno.EEXIST : Errno.None;
    }
}

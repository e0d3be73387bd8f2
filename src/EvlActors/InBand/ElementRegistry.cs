using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>
/// The EVL elements of a machine: their names, unique per class; their nodes, if they are public; their ends.
/// Counterpart of kernel/evl/factory.c.
/// </summary>
internal sealed class ElementRegistry(MachineContext context, DeviceNamespace nodes, int maxPerClass)
{
    /// <summary>The class of threads.</summary>
    internal const string ThreadClass = "thread";

    private readonly HashSet<(string Class, string Name)> _names = [];
    private readonly Dictionary<DeviceRef, Element> _elementOfDevice = [];
    private readonly Dictionary<int, Element> _elementOfThread = [];
    private readonly Dictionary<string, MinorNumbers> _minors = new(StringComparer.Ordinal);

    /// <summary>The devices of all elements.</summary>
    internal IEnumerable<DeviceRef> Devices => _elementOfDevice.Keys;

    /// <summary>Makes an element with its device; its first file is still to be opened.</summary>
    /// <param name="class">Its class.</param>
    /// <param name="name">Its name; a leading slash makes it public; null or empty: named by its minor.</param>
    /// <param name="driver">Its driver.</param>
    /// <param name="traits">What the VFS has to know about it.</param>
    /// <param name="pinnedBy">The thread that it stands for, which keeps it alive without files; or null.</param>
    /// <param name="element">The element.</param>
    /// <returns>None, EINVAL, ENAMETOOLONG, EEXIST, EAGAIN.</returns>
    internal Errno Create(
        string @class, string? name, CharDevice driver, DeviceTraits traits, ThreadInfo? pinnedBy, out Element? element)
    {
        element = null;
        Errno refused = Check(@class, ref name, out bool isPublic);
        if (refused != Errno.None)
            return refused;
        if (!_minors.TryGetValue(@class, out MinorNumbers? minors))
            _minors.Add(@class, minors = new MinorNumbers(maxPerClass));
        int minor = minors.Take();
        if (minor < 0)
            return Errno.EAGAIN;
        name ??= FreeName(@class, minor);
        element = new Element(@class, name, isPublic, minor, pinnedBy);
        FileOperations operations = CharDevice.OperationsOf(driver.GetType());
        element.Device = DeviceSpawner.Spawn(
            context, $"/evl/{@class}/{name}", operations, traits, Placement.Oob, () => driver, driver);
        _names.Add((@class, name));
        _elementOfDevice.Add(element.Device, element);
        if (pinnedBy is not null)
            _elementOfThread[pinnedBy.Tid] = element;
        return Errno.None;
    }

    /// <summary>Shows the node of a public element; others may open it from now on.</summary>
    internal void Publish(Element element)
    {
        if (!element.IsPublic || element.HasNoFile)
            return;
        DeviceRef device = element.Device!; // an element that has a name has a device
        var cdev = new Cdev(element.NodePath, NoDriver, Placement.Oob, device.Operations) { Device = device };
        nodes.Add(new DeviceNode(element.NodePath, cdev) { Element = element });
    }

    /// <summary>
    /// The last file of an element's device is gone. The element of a thread may have an open on its way there; another's device
    /// has ended, and that open answers ESTALE.
    /// </summary>
    internal void OnGone(DeviceRef device, int opens)
    {
        if (!_elementOfDevice.TryGetValue(device, out Element? element) || (element.Thread is not null && element.Opens != opens))
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
        Unname(element);
        if (element.HasNoFile)
            Forget(element);
    }

    /// <summary>Keeps a name in the class of threads for one without element: a kernel thread.</summary>
    /// <returns>None, EINVAL, ENAMETOOLONG, EEXIST.</returns>
    internal Errno ReserveThread(string name)
    {
        string? checkedName = name;
        Errno refused = Check(ThreadClass, ref checkedName, out _);
        if (refused == Errno.None)
            _names.Add((ThreadClass, checkedName!)); // a kernel thread's name is not empty
        return refused;
    }

    /// <summary>Gives back what <see cref="ReserveThread"/> kept.</summary>
    internal void FreeThread(string name) => _names.Remove((ThreadClass, name.TrimStart('/')));

    internal void Forget(Element element)
    {
        Unname(element);
        _elementOfDevice.Remove(element.Device!); // an element that has a name has a device
        _minors[element.Class].Free(element.Minor);
        if (element.Thread is { } thread && _elementOfThread.GetValueOrDefault(thread.Tid) == element)
            _elementOfThread.Remove(thread.Tid);
        context.Engine.Stop(element.Device!.Actor);
    }

    // A thread that was detached gives its name back at once, though files of it may be open still.
    private void Unname(Element element)
    {
        if (element.IsUnnamed)
            return;
        element.IsUnnamed = true;
        _names.Remove((element.Class, element.Name));
        if (element.IsPublic)
            nodes.Remove(element.NodePath);
    }

    private string FreeName(string @class, int minor)
    {
        string name = $"{@class}%{minor}";
        while (_names.Contains((@class, name)))
            name += "%";
        return name;
    }

    // The node of an element goes with its device: it is never spawned anew.
    private static CharDevice NoDriver() => throw new InvalidOperationException("The device of an element is made with it.");

    private Errno Check(string @class, ref string? name, out bool isPublic)
    {
        isPublic = name is ['/', ..];
        if (string.IsNullOrEmpty(name))
        {
            name = null;
            return Errno.None;
        }
        if (isPublic)
            name = name[1..];
        if (name.Length == 0 || (isPublic && name.Contains('/')))
            return Errno.EINVAL;
        if (name.Length > DeviceNamespace.MaxComponent)
            return Errno.ENAMETOOLONG;
        return _names.Contains((@class, name)) ? Errno.EEXIST : Errno.None;
    }
}

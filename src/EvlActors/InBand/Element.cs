using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// An EVL element: a device of its own under a name that is unique in its class. Counterpart of <c>struct evl_element</c>.
/// It ends when its last file is gone and nothing pins it.
/// </summary>
internal sealed class Element(string @class, string name, bool isPublic, int minor, ThreadInfo? pinnedBy)
{
    internal string Class { get; } = @class;

    internal string Name { get; } = name;

    internal bool IsPublic { get; } = isPublic;

    /// <summary>Its number in its class.</summary>
    internal int Minor { get; } = minor;

    /// <summary>The thread that it stands for, which keeps it alive without files; or null.</summary>
    internal ThreadInfo? Thread { get; } = pinnedBy;

    internal DeviceRef? Device { get; set; }

    /// <summary>Whether it lives on without files: the element of an attached thread.</summary>
    internal bool IsPinned { get; set; } = pinnedBy is not null;

    /// <summary>Whether its name was given back.</summary>
    internal bool IsUnnamed { get; set; }

    /// <summary>How many opens were sent to its device.</summary>
    internal int Opens { get; set; }

    /// <summary>Whether its last file is gone.</summary>
    internal bool HasNoFile { get; set; }

    /// <summary>The node of a public element.</summary>
    internal string NodePath => $"/dev/evl/{Class}/{Name}";
}

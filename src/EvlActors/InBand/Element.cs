using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// An EVL element: a device of its own under a name that is unique in its class. Counterpart of <c>struct evl_element</c>.
/// It ends when its last file is gone and nothing pins it.
/// </summary>
internal sealed class Element(string @class, string name, bool isPublic)
{
    internal string Class { get; } = @class;

    internal string Name { get; } = name;

    internal bool IsPublic { get; } = isPublic;

    internal DeviceRef? Device { get; set; }

    /// <summary>Whether it lives on without files: the element of an attached thread.</summary>
    internal bool IsPinned { get; set; }

    /// <summary>Whether its last file is gone.</summary>
    internal bool HasNoFile { get; set; }

    /// <summary>The node of a public element.</summary>
    internal string NodePath => $"/dev/evl/{Class}/{Name}";
}

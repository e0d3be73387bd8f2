namespace EvlActors;

/// <summary>Who a process acts as. Counterpart of <c>struct cred</c>; immutable, replaced as a whole.</summary>
public sealed record Credentials
{
    /// <summary>Root with all capabilities.</summary>
    public static Credentials Root { get; } = new();

    /// <summary>The real user id.</summary>
    public int Uid { get; init; }

    /// <summary>The effective user id.</summary>
    public int Euid { get; init; }

    /// <summary>The saved user id.</summary>
    public int Suid { get; init; }

    /// <summary>The real group id.</summary>
    public int Gid { get; init; }

    /// <summary>The effective group id.</summary>
    public int Egid { get; init; }

    /// <summary>The saved group id.</summary>
    public int Sgid { get; init; }

    /// <summary>The supplementary groups; none by default.</summary>
    public IReadOnlyList<int> Groups { get; init; } = [];

    /// <summary>The capabilities in force.</summary>
    public Capabilities Effective { get; init; } = Capabilities.All;

    /// <summary>The capabilities that may be put in force.</summary>
    public Capabilities Permitted { get; init; } = Capabilities.All;

    /// <summary>An ordinary user without capabilities.</summary>
    /// <param name="uid">The real, effective and saved user id.</param>
    /// <param name="gid">The real, effective and saved group id.</param>
    /// <returns>The credentials.</returns>
    public static Credentials User(int uid, int gid) => new()
    {
        Uid = uid, Euid = uid, Suid = uid, Gid = gid, Egid = gid, Sgid = gid,
        Effective = Capabilities.None, Permitted = Capabilities.None,
    };

    /// <summary>Whether the effective group or a supplementary one is a given group. Counterpart of <c>in_group_p()</c>.</summary>
    /// <param name="gid">The group.</param>
    /// <returns>True if it is.</returns>
    public bool IsInGroup(int gid) => Egid == gid || Groups.Contains(gid);

    /// <summary>Whether a capability is in force.</summary>
    /// <param name="capability">The capability.</param>
    /// <returns>True if it is.</returns>
    public bool Has(Capabilities capability) => (Effective & capability) == capability;
}

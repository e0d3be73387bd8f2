namespace EvlActors;

/// <summary>Who owns a node and may open it.</summary>
public sealed record NodeAccess
{
    /// <summary>Owned by root, read and written by everybody: the default.</summary>
    public static NodeAccess Everybody { get; } = new();

    /// <summary>The user that owns the node; root by default.</summary>
    public int Uid { get; init; }

    /// <summary>The group that owns the node; root by default.</summary>
    public int Gid { get; init; }

    /// <summary>The mode bits rwxrwxrwx for owner, group and others; 0666 (rw-rw-rw-) by default. They are tested at each open,
    /// unless CAP_DAC_OVERRIDE is in force.</summary>
    public int Mode { get; init; } = 0b110_110_110;
}

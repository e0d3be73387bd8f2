namespace EvlActors;

/// <summary>How a process is made.</summary>
public sealed record EvlProcessOptions
{
    /// <summary>Who it acts as; root with all capabilities by default.</summary>
    public Credentials Credentials { get; init; } = Credentials.Root;

    /// <summary>Whether it is a 32-bit process, whose ioctls go to the compat handlers; no by default.</summary>
    public bool Is32Bit { get; init; }

    /// <summary>RLIMIT_NOFILE, soft: descriptors are below this number; 1024 by default, 1 to 1,048,576.</summary>
    public int MaxFiles { get; init; } = 1024;

    /// <summary>RLIMIT_NOFILE, hard: what the soft limit can be raised to; 4096 by default, up to 1,048,576. At least
    /// <see cref="MaxFiles"/> is taken.</summary>
    public int MaxFilesHard { get; init; } = 4096;

    /// <summary>Its process group; 0 (default): one of its own, with its pid as number.</summary>
    public int Group { get; init; }

    /// <summary>Its session; 0 (default): one of its own, with its pid as number.</summary>
    public int Session { get; init; }

    /// <summary>The number of its controlling terminal; 0 (default): none.</summary>
    public int ControllingTerminal { get; init; }

    /// <summary>Whether it starts without descriptors 0, 1 and 2 on /dev/console; no by default.</summary>
    public bool EmptyTable { get; init; }

    /// <summary>RLIMIT_SIGPENDING: how many real-time signals may be pending; 1024 by default, not negative.</summary>
    public int MaxPendingSignals { get; init; } = 1024;
}

namespace EvlActors.Calls;

/// <summary>A process as the other actors know it. What changes is owned by the in-band stage and stamped on calls.</summary>
internal sealed class ProcessInfo(int pid, FilesTable files, bool is32Bit, Credentials credentials)
{
    private const int Resources = 16;

    private Credentials _credentials = credentials;
    private int _capabilityChanges;

    internal int Pid { get; } = pid;

    internal bool Is32Bit { get; } = is32Bit;

    /// <summary>Who the process acts as; replaced as a whole by the in-band stage, read by anybody.</summary>
    internal Credentials Credentials => Volatile.Read(ref _credentials);

    /// <summary>How often a call has said which capabilities are in force; to be read after the credentials.</summary>
    internal int CapabilityChanges => Volatile.Read(ref _capabilityChanges);

    /// <summary>Replaces the credentials; by the in-band stage.</summary>
    /// <param name="after">The new ones.</param>
    /// <param name="setsCapabilities">Whether the call says which capabilities are in force from now on.</param>
    internal void SetCredentials(Credentials after, bool setsCapabilities)
    {
        // Counted first: who reads the new credentials knows that nothing else is in force.
        if (setsCapabilities)
            Volatile.Write(ref _capabilityChanges, _capabilityChanges + 1);
        Volatile.Write(ref _credentials, after);
    }

    /// <summary>Whether evl_init was done; owned by the in-band stage.</summary>
    internal bool IsInitialised { get; set; }

    /// <summary>What the process does with each signal; changed by the in-band stage alone.</summary>
    internal SignalActions Actions { get; init; } = new();

    /// <summary>How many real-time signals may be pending on the process and its threads: RLIMIT_SIGPENDING.</summary>
    internal int MaxPendingSignals => (int)Math.Min(Limits[(int)Resource.PendingSignals].Soft, int.MaxValue);

    /// <summary>How many are; counted up by the in-band stage, down by whoever takes or drops one.</summary>
    internal int PendingRealTime;

    /// <summary>The descriptors of the process; read by its threads' actors at the start of a call.</summary>
    internal FilesTable Files { get; set; } = files;

    /// <summary>Whether nothing is left of it but its status; owned by the in-band stage.</summary>
    internal bool HasEnded { get; set; }

    /// <summary>The process group; owned by the in-band stage.</summary>
    internal int Group { get; set; } = pid;

    /// <summary>The session; owned by the in-band stage.</summary>
    internal int Session { get; set; } = pid;

    /// <summary>The controlling terminal, or 0; owned by the in-band stage.</summary>
    internal int Terminal { get; set; }

    /// <summary>The limits by <see cref="Resource"/>; owned by the in-band stage, a soft value is read by anybody.</summary>
    internal ResourceLimit[] Limits { get; private init; } = Enumerable.Repeat(
        new ResourceLimit(ResourceLimit.Infinity, ResourceLimit.Infinity), Resources).ToArray();

    /// <summary>RLIMIT_NOFILE, soft.</summary>
    internal int MaxFiles => (int)Limits[(int)Resource.MaxFiles].Soft;

    /// <summary>What a forked process begins with.</summary>
    internal ProcessInfo Fork(int childPid, FilesTable childFiles) => new(childPid, childFiles, Is32Bit, Credentials)
    {
        IsInitialised = IsInitialised,
        Actions = Actions.Copy(),
        Group = Group,
        Session = Session,
        Terminal = Terminal,
        Limits = [.. Limits],
    };

    /// <summary>A signal is pending no more.</summary>
    internal void Unqueue(Signal signal, int count = 1)
    {
        if (signal.IsRealTime())
            Interlocked.Add(ref PendingRealTime, -count);
    }
}

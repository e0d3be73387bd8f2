namespace EvlActors.Calls;

/// <summary>A process as the other actors know it. What changes is owned by the in-band stage and stamped on calls.</summary>
internal sealed class ProcessInfo(int pid, FilesTable files, bool is32Bit, Credentials credentials)
{
    internal int Pid { get; } = pid;

    internal bool Is32Bit { get; } = is32Bit;

    /// <summary>Who the process acts as; replaced as a whole by the in-band stage, read by anybody.</summary>
    internal Credentials Credentials { get; set; } = credentials;

    /// <summary>Whether evl_init was done; owned by the in-band stage.</summary>
    internal bool IsInitialised { get; set; }

    /// <summary>What the process does with each signal; changed by the in-band stage alone.</summary>
    internal SignalActions Actions { get; init; } = new();

    /// <summary>How many real-time signals may be pending on the process and its threads: RLIMIT_SIGPENDING.</summary>
    internal int MaxPendingSignals { get; init; } = 1024;

    /// <summary>How many are; counted up by the in-band stage, down by whoever takes or drops one.</summary>
    internal int PendingRealTime;

    /// <summary>The descriptors of the process; read by its threads' actors at the start of a call.</summary>
    internal FilesTable Files { get; set; } = files;

    /// <summary>A signal is pending no more.</summary>
    internal void Unqueue(Signal signal, int count = 1)
    {
        if (signal.IsRealTime())
            Interlocked.Add(ref PendingRealTime, -count);
    }
}

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

    /// <summary>The descriptors of the process; read by its threads' actors at the start of a call.</summary>
    internal FilesTable Files { get; set; } = files;
}

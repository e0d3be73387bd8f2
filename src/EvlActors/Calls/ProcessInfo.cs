namespace EvlActors.Calls;

/// <summary>A process as the other actors know it. What changes is owned by the in-band stage and stamped on calls.</summary>
internal sealed class ProcessInfo(int pid, FilesTable files, bool is32Bit)
{
    internal int Pid { get; } = pid;

    internal bool Is32Bit { get; } = is32Bit;

    /// <summary>The descriptors of the process; read by its threads' actors at the start of a call.</summary>
    internal FilesTable Files { get; set; } = files;
}

using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>What the machine's face does for the in-band stage when processes come and go. Called in the stage's turns.</summary>
internal interface IProcessHost
{
    /// <summary>Gives a forked process its face and one thread like the one that forked, with its mask of signals.</summary>
    void Forked(ProcessInfo child, ThreadInfo by, ulong mask);

    /// <summary>A process has ended: its threads are dead and its descriptors closed.</summary>
    void Ended(ProcessInfo process);
}

namespace EvlActors;

/// <summary>The scheduling policy that a thread asks for; attaching maps it to an EVL class.</summary>
public enum SchedPolicy
{
    /// <summary>SCHED_OTHER: attaches as class WEAK, priority 0; out-of-band only during each oob call.</summary>
    Other = 0,
    /// <summary>SCHED_FIFO, priority 1 to 99: attaches as class FIFO and stays out-of-band until something sends it back.</summary>
    Fifo = 1,
    /// <summary>SCHED_RR, priority 1 to 99: treated as <see cref="Fifo"/>.</summary>
    RoundRobin = 2,
}

namespace EvlActors;

/// <summary>What a thread has done since it was attached. Counterpart of the counters of <c>struct evl_thread_state</c>.</summary>
/// <param name="InBandSwitches">isw: switches from the oob stage to the in-band stage, whatever their cause.</param>
/// <param name="ContextSwitches">csw: how often it began or went on to run out-of-band.</param>
/// <param name="Syscalls">sc: oob calls, from either stage.</param>
/// <param name="RemoteWakeUps">rwa: wake-ups from another CPU; always 0, the machine has one.</param>
/// <param name="ExecutionTimeNs">The time it was out-of-band and not asleep, in nanoseconds; 0 unless the machine was made with
/// RunStatistics.</param>
/// <param name="State">Its T_* state bits, the mode bits among them.</param>
public readonly record struct EvlThreadStatistics(
    long InBandSwitches, long ContextSwitches, long Syscalls, long RemoteWakeUps, long ExecutionTimeNs, EvlThreadState State);

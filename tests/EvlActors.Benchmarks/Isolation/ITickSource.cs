namespace EvlActors.Benchmarks.Isolation;

/// <summary>Something that wakes its thread once a millisecond.</summary>
internal interface ITickSource
{
    /// <summary>Blocks until the next tick, on the thread that the source belongs to.</summary>
    /// <returns>How late the thread is, in nanoseconds.</returns>
    long Wait();
}

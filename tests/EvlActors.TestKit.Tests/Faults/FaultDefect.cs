namespace EvlActors.TestKit.Tests;

/// <summary>What is wrong with a <see cref="PostDevice"/> under faults.</summary>
internal enum FaultDefect
{
    None,

    /// <summary>A copy that faults keeps the reference on another file.</summary>
    ReferenceKept,

    /// <summary>A copy that faults keeps the lock that everybody else waits for.</summary>
    LockKept,
}

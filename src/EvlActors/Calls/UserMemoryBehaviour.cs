namespace EvlActors;

/// <summary>How accesses to a piece of user memory behave when they don't simply succeed.</summary>
public sealed class UserMemoryBehaviour
{
    private UserMemoryBehaviour(int faultOffset, Task? stall)
    {
        FaultOffset = faultOffset;
        Stall = stall;
    }

    /// <summary>Nothing is mapped: every access faults.</summary>
    public static UserMemoryBehaviour Unmapped { get; } = new(0, null);

    /// <summary>It lies in the kernel's address range: accesses that test for user space fault, others go through.</summary>
    public static UserMemoryBehaviour OutsideUserSpace { get; } = new(int.MaxValue, null) { IsOutsideUserSpace = true };

    /// <summary>Whether it lies in the kernel's address range.</summary>
    public bool IsOutsideUserSpace { get; private init; }

    /// <summary>The first offset that faults, in bytes; <see cref="int.MaxValue"/>: none.</summary>
    public int FaultOffset { get; }

    /// <summary>What a copy that may sleep waits for before it begins; null: nothing. A raw oob copy doesn't wait: it faults
    /// until this has completed. After one that failed or was cancelled every access faults.</summary>
    public Task? Stall { get; }

    /// <summary>An access at or beyond an offset faults.</summary>
    /// <param name="offset">The offset, in bytes.</param>
    /// <returns>The behaviour.</returns>
    public static UserMemoryBehaviour FaultAt(int offset) => new(offset, null);

    /// <summary>A copy waits until a task completes.</summary>
    /// <param name="until">The task.</param>
    /// <returns>The behaviour.</returns>
    public static UserMemoryBehaviour StallUntil(Task until) => new(int.MaxValue, until);
}

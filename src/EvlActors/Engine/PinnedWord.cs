using System.Runtime.CompilerServices;

namespace EvlActors.Engine;

/// <summary>An int that never moves, so that the kernel can wait on it, on a cache line of its own.</summary>
internal sealed unsafe class PinnedWord
{
    private const int IntsPerLine = 16;

    // A line before and a line after: the neighbours on the pinned heap are other words that other threads write.
    private readonly int[] _memory = GC.AllocateArray<int>(2 * IntsPerLine, pinned: true);

    internal PinnedWord() => Address = (int*)Unsafe.AsPointer(ref _memory[IntsPerLine]);

    /// <summary>Valid as long as this object lives.</summary>
    internal int* Address { get; }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace EvlActors.Calls;

/// <summary>
/// Has objects fetched from memory before they are needed. The objects of one file among very many are in no cache, and each leads to
/// the next only when it is there: asked for together they come together. A hint, where the processor takes one, and no more.
/// </summary>
internal static unsafe class Near
{
    private const int LineBytes = 64;

    /// <summary>Has the first lines of an object fetched; nothing waits for them.</summary>
    /// <param name="object">The object, or null.</param>
    /// <param name="lines">How many lines of the cache, 1 to 3.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Bring(object? @object, int lines)
    {
        if (!Sse.IsSupported || @object is null)
            return;
        // The collector may move the object meanwhile: then something else is fetched, for nothing.
        // It is no box of a byte; its fields begin where that one's does.
        byte* first = (byte*)Unsafe.AsPointer(ref Unsafe.As<StrongBox<byte>>(@object).Value);
        Sse.Prefetch0(first);
        if (lines > 1)
            Sse.Prefetch0(first + LineBytes);
        if (lines > 2)
            Sse.Prefetch0(first + 2 * LineBytes);
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EvlActors.Calls;

/// <summary>What is in memory that is not the machine's. An array mostly; else its owner's code is asked for it.</summary>
internal static class UserSpan
{
    // To ask for the array would run the owner's code already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Span<T> Of<T>(Memory<T> memory) =>
        MemoryMarshal.TryGetMemoryManager<T, MemoryManager<T>>(memory, out _) ? OfOwner(memory) : memory.Span;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<T> OfOwner<T>(Memory<T> memory)
    {
        BroughtContext brought = BroughtContext.TakeOff();
        try
        {
            return memory.Span;
        }
        finally
        {
            brought.PutBack();
        }
    }
}

using System.Runtime.CompilerServices;

namespace EvlActors.Engine;

/// <summary>
/// Who owns a lane: 0 or the id of a thread. Taking a free word and giving it back uncontended is one compare-and-swap each,
/// laid out as the kernel's priority-inheriting futex wants it. Where it <see cref="Inherits"/>, a thread may also block in
/// <see cref="Take"/>, and the owner then runs at that thread's priority; elsewhere nobody ever blocks on it.
/// </summary>
internal sealed unsafe class OwnerWord
{
    private const int Free = 0;
    private const int WaitersBit = unchecked((int)0x80000000); // set by the kernel while a thread blocks in Take

    // About two microseconds: a turn or two of an owner on another CPU, which cost less than to block.
    private const int SpinRounds = 40;
    private const int SpinsPerRound = 5;
    private static readonly int s_spinRounds = Environment.ProcessorCount > 1 ? SpinRounds : 0;

    private readonly PinnedWord _memory; // keeps the word where it is
    private readonly int* _word;

    internal OwnerWord(bool inherits)
    {
        Inherits = inherits;
        _memory = new PinnedWord();
        _word = _memory.Address;
    }

    /// <summary>Whether <see cref="Take"/> may be called.</summary>
    internal bool Inherits { get; }

    internal bool IsFree => Volatile.Read(ref *_word) == Free;

    /// <summary>Whether a thread blocks in <see cref="Take"/>.</summary>
    internal bool IsAwaited => (Volatile.Read(ref *_word) & WaitersBit) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool TryTake(OsThread self) => Interlocked.CompareExchange(ref *_word, self.Id, Free) == Free;

    /// <summary>Tries for a while, awake, to take the word.</summary>
    internal bool TryTakeSoon(OsThread self)
    {
        // Whoever blocks already may be more urgent: then it is the kernel's to say who is next.
        for (int round = 0; round < s_spinRounds && !IsAwaited; round++)
        {
            if (IsFree && TryTake(self))
                return true;
            Thread.SpinWait(SpinsPerRound);
        }
        return false;
    }

    /// <summary>Blocks until the calling thread owns the word.</summary>
    internal void Take(OsThread self)
    {
        while (!TryTake(self))
        {
            if (Linux.LockPi(_word))
                return;
        }
    }

    /// <summary>Frees the word, or hands it to the waiter of the highest priority. A full fence in either case.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Release(OsThread self)
    {
        if (Interlocked.CompareExchange(ref *_word, Free, self.Id) != self.Id)
            Linux.UnlockPi(_word);
    }
}

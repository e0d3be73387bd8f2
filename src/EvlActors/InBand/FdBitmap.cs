using System.Numerics;

namespace EvlActors.InBand;

/// <summary>The numbers of a table that are taken, open or reserved. Counterpart of <c>open_fds</c> in <c>struct fdtable</c>.</summary>
internal sealed class FdBitmap
{
    private ulong[] _words = new ulong[1];

    // No number below it is free.
    private int _lowest;

    internal bool IsTaken(int fd) => fd >> 6 < _words.Length && (_words[fd >> 6] & Bit(fd)) != 0;

    /// <summary>Takes the lowest free number that is not below <paramref name="from"/> and below <paramref name="limit"/>; -1: none.</summary>
    internal int TakeLowest(int from, int limit)
    {
        int start = Math.Max(from, _lowest);
        int fd = NextFree(start);
        if (from <= _lowest)
            _lowest = fd; // all between are taken, whatever the limit says
        if (fd >= limit)
            return -1;
        Take(fd);
        return fd;
    }

    internal void Take(int fd)
    {
        if (fd >> 6 >= _words.Length)
            Array.Resize(ref _words, Math.Max((fd >> 6) + 1, _words.Length * 2));
        _words[fd >> 6] |= Bit(fd);
    }

    internal void Free(int fd)
    {
        _words[fd >> 6] &= ~Bit(fd);
        _lowest = Math.Min(_lowest, fd);
    }

    /// <summary>The lowest number that is taken and not below <paramref name="from"/>; -1: none.</summary>
    internal int NextTaken(int from)
    {
        int word = from >> 6;
        if (word >= _words.Length)
            return -1;
        for (ulong bits = _words[word] & FromBit(from); ; bits = _words[word])
        {
            if (bits != 0)
                return (word * 64) + BitOperations.TrailingZeroCount(bits);
            if (++word == _words.Length)
                return -1;
        }
    }

    private int NextFree(int from)
    {
        int word = from >> 6;
        if (word >= _words.Length)
            return from;
        for (ulong bits = ~_words[word] & FromBit(from); ; bits = ~_words[word])
        {
            if (bits != 0)
                return (word * 64) + BitOperations.TrailingZeroCount(bits);
            if (++word == _words.Length)
                return word * 64;
        }
    }

    private static ulong Bit(int fd) => 1ul << (fd & 63);

    private static ulong FromBit(int fd) => ulong.MaxValue << (fd & 63);
}

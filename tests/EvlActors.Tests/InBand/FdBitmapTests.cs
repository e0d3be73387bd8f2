using EvlActors.InBand;
using Xunit;

namespace EvlActors.Tests.InBand;

/// <summary>Which numbers a table hands out.</summary>
public sealed class FdBitmapTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(4095)]
    [InlineData(4096)]
    public void TakeLowest_OneHole_FillsItThenAppends(int hole)
    {
        FdBitmap numbers = Filled(5000);
        numbers.Free(hole);
        Assert.Equal(hole, numbers.TakeLowest(0, int.MaxValue));
        Assert.Equal(5000, numbers.TakeLowest(0, int.MaxValue));
    }

    [Fact]
    public void TakeLowest_HolesAtWordBoundaries_Ascending()
    {
        FdBitmap numbers = Filled(256);
        int[] holes = [191, 192, 63, 64, 128];
        foreach (int hole in holes)
            numbers.Free(hole);
        Assert.Equal([63, 64, 128, 191, 192, 256], Enumerable.Range(0, 6).Select(_ => numbers.TakeLowest(0, 1000)));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(65, 70)]
    [InlineData(71, 100)]
    [InlineData(101, 300)]
    [InlineData(9000, 9000)]
    public void TakeLowest_From_IgnoresHolesBelow(int from, int expected)
    {
        FdBitmap numbers = Filled(300);
        foreach (int hole in new[] { 3, 64, 70, 100 })
            numbers.Free(hole);
        Assert.Equal(expected, numbers.TakeLowest(from, int.MaxValue));
        Assert.Equal(3, numbers.TakeLowest(0, int.MaxValue));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    public void TakeLowest_AtLimit_None(int limit)
    {
        FdBitmap numbers = Filled(limit);
        Assert.Equal(-1, numbers.TakeLowest(0, limit));
        Assert.False(numbers.IsTaken(limit));
        numbers.Free(limit / 2);
        Assert.Equal(limit / 2, numbers.TakeLowest(0, limit));
        Assert.Equal(-1, numbers.TakeLowest(0, limit));
        Assert.Equal(limit, numbers.TakeLowest(0, limit + 1));
    }

    [Fact]
    public void TakeLowest_LimitBelowTaken_NoneUntilOneBelowIsFree()
    {
        FdBitmap numbers = Filled(100);
        Assert.Equal(-1, numbers.TakeLowest(0, 20));
        numbers.Free(50);
        Assert.Equal(-1, numbers.TakeLowest(0, 20));
        numbers.Free(7);
        Assert.Equal(7, numbers.TakeLowest(0, 20));
        Assert.Equal(50, numbers.TakeLowest(0, 100));
    }

    [Fact]
    public void NextTaken_Sparse_FindsEach()
    {
        var numbers = new FdBitmap();
        int[] taken = [0, 63, 64, 127, 200_000, 1_048_575];
        foreach (int fd in taken)
            numbers.Take(fd);
        var seen = new List<int>();
        for (int fd = numbers.NextTaken(0); fd >= 0; fd = numbers.NextTaken(fd + 1))
            seen.Add(fd);
        Assert.Equal(taken, seen);
        Assert.Equal(1, numbers.TakeLowest(0, int.MaxValue));
    }

    [Fact]
    public void TakeLowest_AgainstASet_AlwaysTheLowest()
    {
        var numbers = new FdBitmap();
        var taken = new SortedSet<int>();
        var draw = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            if (draw.Next(5) < 2 && taken.Count > 0)
            {
                int victim = taken.ElementAt(draw.Next(Math.Min(taken.Count, 300)));
                taken.Remove(victim);
                numbers.Free(victim);
                continue;
            }
            int from = draw.Next(4) == 0 ? draw.Next(700) : 0;
            int limit = draw.Next(4) == 0 ? draw.Next(1, 700) : 100_000;
            int expected = from;
            while (taken.Contains(expected))
                expected++;
            if (expected >= limit)
                expected = -1;
            else
                taken.Add(expected);
            Assert.Equal(expected, numbers.TakeLowest(from, limit));
        }
    }

    private static FdBitmap Filled(int count)
    {
        var numbers = new FdBitmap();
        for (int i = 0; i < count; i++)
            Assert.Equal(i, numbers.TakeLowest(0, int.MaxValue));
        return numbers;
    }
}

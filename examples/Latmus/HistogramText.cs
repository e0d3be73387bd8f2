using System.Globalization;

namespace Latmus;

/// <summary>Draws a histogram in the terminal: a bar for each microsecond, or for more of them at once, then the quantiles.</summary>
internal static class HistogramText
{
    private const int Width = 50;

    // What a terminal shows without scrolling, with the summary above and the quantiles below.
    private const int MaxRows = 40;

    // More empty rows than this are one line: a distant outlier would fill the screen with nothing.
    private const int MaxEmptyRows = 3;

    // How many cells are one row. The last holds the largest histogram in fewer rows than there may be.
    private static readonly int[] s_steps = [1, 2, 5, 10, 20, 50];

    /// <summary>Writes it all; nothing when it is empty.</summary>
    /// <param name="to">Where the lines go.</param>
    /// <param name="histogram">The samples.</param>
    /// <param name="max">The largest latency, in ns; a last cell that it exceeds is marked with '+'.</param>
    public static void Write(TextWriter to, LatencyHistogram histogram, int max)
    {
        if (histogram.Last < 0)
            return;
        int step = Array.Find(s_steps, candidate => CountRows(histogram, candidate) <= MaxRows);
        long highest = 0;
        for (int row = histogram.First / step; row <= histogram.Last / step; row++)
            highest = Math.Max(highest, Count(histogram, row, step));
        for (int row = histogram.First / step; row <= histogram.Last / step; row++)
        {
            int empty = EmptyRows(histogram, row, step);
            if (empty > MaxEmptyRows)
            {
                to.WriteLine("    ...");
                row += empty;
            }

            WriteRow(to, histogram, row, step, highest, max);
        }

        to.WriteLine($"p50 {Quantile(histogram, 500)}, p99 {Quantile(histogram, 990)}, p99.9 {Quantile(histogram, 999)}");
    }

    private static void WriteRow(TextWriter to, LatencyHistogram histogram, int row, int step, long highest, int max)
    {
        long count = Count(histogram, row, step);
        // Rounded up, so that a single outlier among millions still shows.
        int length = (int)(((count * Width) + highest - 1) / highest);
        char more = row == histogram.Last / step && histogram.IsExceededBy(max) ? '+' : ' ';
        int first = row * step;
        int last = Math.Min(first + step, histogram.Cells.Length) - 1;
        string label = step == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{first,5}")
            : string.Create(CultureInfo.InvariantCulture, $"{first,5}-{last,-3}");
        to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label}{more} us |{new string('#', length).PadRight(Width)}| {count}"));
    }

    private static int CountRows(LatencyHistogram histogram, int step)
    {
        int rows = 0;
        for (int row = histogram.First / step; row <= histogram.Last / step; row++, rows++)
        {
            int empty = EmptyRows(histogram, row, step);
            if (empty > MaxEmptyRows)
                row += empty - 1;
        }

        return rows;
    }

    // How many rows from this one on are empty; there is one later that is not.
    private static int EmptyRows(LatencyHistogram histogram, int row, int step)
    {
        int cell = row * step;
        return (cell + histogram.Cells[cell..].IndexOfAnyExcept(0)) / step - row;
    }

    private static long Count(LatencyHistogram histogram, int row, int step)
    {
        int first = row * step;
        long count = 0;
        foreach (int cell in histogram.Cells[first..Math.Min(first + step, histogram.Cells.Length)])
            count += cell;
        return count;
    }

    private static string Quantile(LatencyHistogram histogram, int perMille)
    {
        int cell = histogram.Quantile(perMille);
        return cell < histogram.Cells.Length - 1
            ? string.Create(CultureInfo.InvariantCulture, $"< {cell + 1} us")
            : string.Create(CultureInfo.InvariantCulture, $">= {cell} us");
    }
}

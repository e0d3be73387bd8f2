using System.Globalization;

namespace Latmus;

/// <summary>Draws a histogram in the terminal: a bar for each microsecond, then the quantiles.</summary>
internal static class HistogramText
{
    private const int Width = 50;

    // More empty cells than this are one line: a distant outlier would fill the screen with nothing.
    private const int MaxEmptyRows = 3;

    /// <summary>Writes it all; nothing when it is empty.</summary>
    /// <param name="to">Where the lines go.</param>
    /// <param name="histogram">The samples.</param>
    /// <param name="max">The largest latency, in ns; a last cell that it exceeds is marked with '+'.</param>
    public static void Write(TextWriter to, LatencyHistogram histogram, int max)
    {
        int last = histogram.Last;
        if (last < 0)
            return;
        int highest = 0;
        foreach (int count in histogram.Cells)
            highest = Math.Max(highest, count);
        for (int i = histogram.First; i <= last; i++)
        {
            int empty = histogram.Cells[i..].IndexOfAnyExcept(0);
            if (empty > MaxEmptyRows)
            {
                to.WriteLine("    ...");
                i += empty;
            }

            int count = histogram.Cells[i];
            // Rounded up, so that a single outlier among millions still shows.
            int length = (int)((((long)count * Width) + highest - 1) / highest);
            char more = i == last && histogram.IsExceededBy(max) ? '+' : ' ';
            to.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{i,5}{more} us |{new string('#', length).PadRight(Width)}| {count}"));
        }

        to.WriteLine($"p50 {Quantile(histogram, 500)}, p99 {Quantile(histogram, 990)}, p99.9 {Quantile(histogram, 999)}");
    }

    private static string Quantile(LatencyHistogram histogram, int perMille)
    {
        int cell = histogram.Quantile(perMille);
        return cell < histogram.Cells.Length - 1
            ? string.Create(CultureInfo.InvariantCulture, $"< {cell + 1} us")
            : string.Create(CultureInfo.InvariantCulture, $">= {cell} us");
    }
}

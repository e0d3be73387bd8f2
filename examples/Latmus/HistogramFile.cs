using System.Globalization;

namespace Latmus;

/// <summary>Writes a histogram as gnuplot reads it: comment lines, then "index count" for each microsecond.</summary>
internal static class HistogramFile
{
    /// <summary>Creates the file; it may not exist, also when somebody made it since the command line was checked.</summary>
    /// <exception cref="IOException">It exists, or its folder does not.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static StreamWriter Create(string path) => new(new FileStream(path, FileMode.CreateNew, FileAccess.Write));

    /// <summary>Writes it all; nothing when nothing was measured.</summary>
    public static void Write(TextWriter to, HistogramHeader header, LatencyHistogram histogram)
    {
        if (header.Totals.Samples == 0)
            return;
        WriteHeader(to, header);
        int last = histogram.Last;
        string more = histogram.IsExceededBy(header.Totals.Max) ? "+" : "";
        for (int i = Math.Max(histogram.First, 0); i <= last; i++)
            to.WriteLine(Line($"{i}{(i == last ? more : "")} {histogram.Cells[i]}"));
    }

    private static void WriteHeader(TextWriter to, HistogramHeader header)
    {
        DateTimeOffset at = header.Started;
        LatencyTotals totals = header.Totals;
        LatmusOptions options = header.Options;
        LatmusContext context = options.Contexts[0];
        to.WriteLine(Line($"# test started on: {at:ddd MMM} {at.Day,2} {at:HH:mm:ss yyyy}"));
        WriteKnown(to, "", header.System);
        WriteKnown(to, "", header.CommandLine);
        WriteKnown(to, "EvlActors version: ", header.Library);
        to.WriteLine(Line($"# sampling period: {options.PeriodUs} microseconds"));
        WriteKnown(to, "clock gravity: ", header.Gravity);
        WriteKnown(to, "clocksource: ", header.ClockSource);
        WriteKnown(to, "vDSO access: ", header.Vdso);
        to.WriteLine($"# context: {context.Label()}");
        if (context.HasThread())
        {
            to.WriteLine(Line($"# thread priority: {options.Priority}"));
            to.WriteLine($"# thread affinity: {Units.Cpu(header.Cpu, header.Isolated)}");
        }

        if (header.CStateRestricted)
            to.WriteLine("# C-state restricted");
        to.WriteLine($"# duration (hhmmss): {Units.Clock(header.Duration)}");
        to.WriteLine($"# peak (hhmmss): {Units.Clock(totals.Peak)}");
        if (totals.Overruns > 0)
            to.WriteLine(Line($"# OVERRUNS: {totals.Overruns}"));
        if (header.Switches > 0)
            to.WriteLine(Line($"# IN-BAND SWITCHES: {header.Switches}"));
        to.WriteLine($"# min latency: {Units.Us(totals.Min)}");
        to.WriteLine($"# avg latency: {Units.Us(totals.Average)}");
        to.WriteLine($"# max latency: {Units.Us(totals.Max)}");
        to.WriteLine(Line($"# sample count: {totals.Samples}"));
    }

    private static void WriteKnown(TextWriter to, string name, string? value)
    {
        // A line break in a value, as a command line may have, would end the comment.
        if (value is not null)
            to.WriteLine($"# {name}{value.ReplaceLineEndings(" ")}");
    }

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}

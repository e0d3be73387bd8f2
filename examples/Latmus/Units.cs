using System.Globalization;

namespace Latmus;

/// <summary>How latmus writes numbers, whatever the culture.</summary>
internal static class Units
{
    /// <summary>Nanoseconds as microseconds, "1.234".</summary>
    public static string Us(long ns) => (ns / 1000.0).ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>Whole seconds as hh:mm:ss, hours going on beyond 24.</summary>
    public static string Clock(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}");

    /// <summary>A CPU, "CPU1", marked when it is not set apart for this.</summary>
    public static string Cpu(int cpu, bool isolated) =>
        string.Create(CultureInfo.InvariantCulture, $"CPU{cpu}{(isolated ? "" : "-noisol")}");
}

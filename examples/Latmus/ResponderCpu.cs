using System.Globalization;

namespace Latmus;

/// <summary>Where the responder runs.</summary>
/// <param name="Number">The CPU.</param>
/// <param name="IsIsolated">Whether the system keeps other work away from it.</param>
internal readonly record struct ResponderCpu(int Number, bool IsIsolated)
{
    private const string IsolatedCpus = "/sys/devices/system/cpu/isolated";

    /// <summary>The CPU asked for, or else the first isolated one, or else the last.</summary>
    /// <param name="options">Those of the run.</param>
    /// <param name="onlineCpus">How many CPUs there are.</param>
    /// <param name="isolated">The isolated ones.</param>
    /// <returns>The CPU.</returns>
    /// <exception cref="UsageException">
    /// There is no such CPU, or it is not isolated although others are, and was not forced.
    /// </exception>
    public static ResponderCpu Pick(LatmusOptions options, int onlineCpus, IReadOnlyCollection<int> isolated)
    {
        if (options.Cpu is not { } cpu)
            return isolated.Count > 0 ? new(isolated.Min(), true) : new(onlineCpus - 1, false);
        if (cpu >= onlineCpus)
            throw new UsageException($"{(options.ForceCpu ? "-C" : "-c")} {cpu}: is not online; there are CPUs 0 to {onlineCpus - 1} (EINVAL)");
        if (!options.ForceCpu && isolated.Count > 0 && !isolated.Contains(cpu))
            throw new UsageException($"-c {cpu}: is not among the isolated CPUs ({string.Join(", ", isolated.Order())}); -C forces it");
        return new(cpu, isolated.Contains(cpu));
    }

    /// <summary>The CPUs that Linux isolates; none elsewhere.</summary>
    public static IReadOnlyCollection<int> ReadIsolated()
    {
        try
        {
            return File.Exists(IsolatedCpus) ? ParseList(File.ReadAllText(IsolatedCpus)) : [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    /// <summary>Reads a list as Linux writes it, "1,3-5".</summary>
    internal static IReadOnlyCollection<int> ParseList(string list)
    {
        List<int> cpus = [];
        foreach (string range in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = range.Split('-');
            int first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            cpus.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return cpus;
    }
}

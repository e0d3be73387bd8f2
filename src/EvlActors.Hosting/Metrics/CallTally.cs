using System.Diagnostics.Metrics;
using System.Numerics;

namespace EvlActors.Hosting.Metrics;

/// <summary>
/// Counts calls where they are answered, in a lane's turn: an increment or two, no lock, no allocation. Whoever reads the
/// meters takes the counts from here.
/// </summary>
internal sealed class CallTally
{
    /// <summary>Histogram boundaries in seconds: 1 us, 2 us, 4 us ... up to about a second.</summary>
    internal static readonly double[] Boundaries = [.. Enumerable.Range(0, 21).Select(power => (1L << power) * 1e-6)];

    // Durations are kept in steps of 1/8 us up to 1 us, then in eighths of each power of two: every boundary is a boundary here.
    private const int Steps = 8;
    private const int Buckets = 31 * Steps;

    private const int Errnos = 1024;

    private static readonly SyscallNumber[] s_calls = [.. Enum.GetValues<SyscallNumber>().Where(nr => nr is >= 0 and < SyscallNumber.Undefined)];

    private readonly long[] _inBand = new long[Errnos];
    private readonly long[] _oob = new long[Errnos];
    private readonly long[][] _durations = [.. s_calls.Select(_ => new long[Buckets])];
    private readonly KeyValuePair<string, object?>[][] _tags = [.. s_calls.Select(TagsOf)];

    /// <summary>Counts an answered call; in its thread's turn.</summary>
    internal void Count(in MachineEvent answered)
    {
        long[] results = answered.CallStage == Stage.Oob ? _oob : _inBand;
        int errno = answered.Result.IsError ? Math.Min((int)answered.Result.Errno, Errnos - 1) : 0;
        Interlocked.Increment(ref results[errno]);
        // A call that entered before anybody listened has no duration.
        if ((uint)answered.Nr < (uint)_durations.Length && answered.Count > 0)
            Interlocked.Increment(ref _durations[(int)answered.Nr][BucketOf(answered.Count)]);
    }

    /// <summary>The calls so far, by stage and errno.</summary>
    internal IEnumerable<Measurement<long>> Calls() => Of(_inBand, Stage.InBand).Concat(Of(_oob, Stage.Oob));

    /// <summary>Moves the durations that have come since the last time into a histogram; by one thread at a time, on no lane.</summary>
    internal void MoveTo(Histogram<double> histogram)
    {
        for (int call = 0; call < _durations.Length; call++)
        {
            long[] buckets = _durations[call];
            for (int bucket = 0; bucket < Buckets; bucket++)
            {
                if (Volatile.Read(ref buckets[bucket]) == 0)
                    continue;
                double seconds = MiddleOf(bucket) * 1e-6;
                for (long left = Interlocked.Exchange(ref buckets[bucket], 0); left > 0; left--)
                    histogram.Record(seconds, _tags[call]);
            }
        }
    }

    private static IEnumerable<Measurement<long>> Of(long[] results, Stage stage)
    {
        for (int errno = 0; errno < Errnos; errno++)
        {
            long count = Volatile.Read(ref results[errno]);
            if (count == 0)
                continue;
            KeyValuePair<string, object?> ofStage = new("evl.stage", NameOf(stage));
            yield return errno == 0
                ? new Measurement<long>(count, ofStage)
                : new Measurement<long>(count, ofStage, new("error.type", ((Errno)errno).ToString()));
        }
    }

    internal static string NameOf(Stage stage) => stage == Stage.Oob ? "oob" : "inband";

    private static KeyValuePair<string, object?>[] TagsOf(SyscallNumber nr) =>
        [new("evl.stage", NameOf((default(MachineEvent) with { Nr = nr }).CallStage)), new("evl.call", nr.ToString())];

    private static int BucketOf(long ns)
    {
        ulong eighths = (ulong)ns * Steps / 1_000;
        if (eighths < Steps)
            return (int)eighths;
        int power = BitOperations.Log2(eighths) - 3;
        return Math.Min((power + 1) * Steps + (int)(eighths >> power) - Steps, Buckets - 1);
    }

    // In microseconds.
    private static double MiddleOf(int bucket)
    {
        double within = (bucket % Steps + 0.5) / Steps;
        return bucket < Steps ? within : (1L << (bucket / Steps - 1)) * (1 + within);
    }
}

namespace WorkerService;

/// <summary>A histogram as it is shown: how many values are not above each boundary.</summary>
internal sealed class Distribution(double[] boundaries)
{
    private readonly Lock _gate = new();
    private readonly long[] _counts = new long[boundaries.Length + 1];
    private double _sum;

    internal double[] Boundaries => boundaries;

    internal void Add(double value)
    {
        int at = Array.BinarySearch(boundaries, value);
        lock (_gate)
        {
            _counts[at < 0 ? ~at : at]++;
            _sum += value;
        }
    }

    internal (long[] UpTo, long Count, double Sum) Read()
    {
        lock (_gate)
        {
            long[] upTo = new long[boundaries.Length];
            long count = 0;
            for (int i = 0; i < upTo.Length; i++)
                upTo[i] = count += _counts[i];
            return (upTo, count + _counts[^1], _sum);
        }
    }
}

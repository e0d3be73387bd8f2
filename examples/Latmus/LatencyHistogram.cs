namespace Latmus;

/// <summary>
/// How many samples fell into each microsecond; the last cell collects the rest. It is used by one thread at a time.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>The most cells there can be.</summary>
    public const int MaxCells = 1000;

    private readonly int[] _cells;

    /// <summary>An empty one.</summary>
    /// <param name="cells">How many cells, 1 to <see cref="MaxCells"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another number.</exception>
    public LatencyHistogram(int cells)
        : this(cells is >= 1 and <= MaxCells ? new int[cells]
            : throw new ArgumentOutOfRangeException(nameof(cells), cells, "A histogram has 1 to 1000 cells."))
    {
    }

    /// <summary>One of counts that exist; it keeps the array.</summary>
    public LatencyHistogram(int[] cells) => _cells = cells;

    /// <summary>The counts.</summary>
    public ReadOnlySpan<int> Cells => _cells;

    /// <summary>The first cell that is not empty; -1: there is none.</summary>
    public int First => Cells.IndexOfAnyExcept(0);

    /// <summary>The last cell that is not empty; -1: there is none.</summary>
    public int Last => Cells.LastIndexOfAnyExcept(0);

    /// <summary>How many samples there are.</summary>
    public long Samples
    {
        get
        {
            long samples = 0;
            foreach (int count in _cells)
                samples += count;
            return samples;
        }
    }

    /// <summary>Counts a sample in the cell of its distance from the ideal date, early or late.</summary>
    /// <param name="delta">The latency in ns.</param>
    public void Add(long delta)
    {
        ulong distance = delta < 0 ? 0UL - (ulong)delta : (ulong)delta;
        ref int cell = ref _cells[(int)Math.Min(distance / 1000, (ulong)(_cells.Length - 1))];
        // A cell is an s32 on the wire: in weeks of a short period it stays full rather than turn negative.
        if (cell < int.MaxValue)
            cell++;
    }

    /// <summary>Forgets all samples.</summary>
    public void Clear() => Array.Clear(_cells);

    /// <summary>Whether a latency lies beyond the cells, so that the last one holds more than its own microsecond.</summary>
    /// <param name="max">The largest latency, in ns.</param>
    public bool IsExceededBy(int max) => max / 1000 >= _cells.Length;

    /// <summary>
    /// The cell in which a quantile lies: at least that share of the samples took less than the end of this microsecond
    /// (nothing is known of an end of the last cell).
    /// </summary>
    /// <param name="perMille">500 is the median, 990 p99, 999 p99.9.</param>
    /// <returns>The cell's index; -1 when there is no sample.</returns>
    public int Quantile(int perMille)
    {
        long wanted = ((Samples * perMille) + 999) / 1000;
        long seen = 0;
        for (int i = 0; i < _cells.Length; i++)
        {
            seen += _cells[i];
            if (seen > 0 && seen >= wanted)
                return i;
        }

        return -1;
    }
}

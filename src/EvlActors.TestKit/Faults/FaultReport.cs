using System.Text;

namespace EvlActors.TestKit;

/// <summary>What came of each single fault that a scenario can meet.</summary>
/// <param name="Seed">The seed of all runs.</param>
/// <param name="Trials">One for each fault, in the order in which the scenario meets them.</param>
public sealed record FaultReport(ulong Seed, IReadOnlyList<FaultTrial> Trials)
{
    /// <summary>Those that did not end well.</summary>
    public IReadOnlyList<FaultTrial> Findings { get; } = [.. Trials.Where(trial => trial.Verdict != FaultVerdict.Fine)];

    /// <summary>Does nothing if every run ended well.</summary>
    /// <exception cref="FaultsFoundException">One did not; the message has the table.</exception>
    public void ThrowIfFound()
    {
        if (Findings.Count > 0)
            throw new FaultsFoundException(this);
    }

    /// <summary>The table: where, which fault, what the caller saw, and how it ended; below it what is wrong.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        string[][] rows =
        [
            ["fault", "where", "thread", "the caller saw", ""],
            .. Trials.Select(trial => new[] { $"{trial.Point} {trial.Nth}", trial.Where, trial.Thread, trial.Seen, Word(trial.Verdict) }),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string[] row in rows)
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        text.Append($"{Trials.Count} faults, {Findings.Count} findings (seed {Seed}).");
        foreach (FaultTrial finding in Findings)
            text.Append($"\n{finding.Point} {finding.Nth}, {Word(finding.Verdict)}: {finding.Detail}");
        return text.ToString();
    }

    private static string Word(FaultVerdict verdict) => verdict.ToString().ToLowerInvariant();
}

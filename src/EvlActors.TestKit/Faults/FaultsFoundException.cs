namespace EvlActors.TestKit;

/// <summary>A fault did not end well; the message has the table of all.</summary>
/// <param name="report">The report.</param>
public sealed class FaultsFoundException(FaultReport report) : Exception(report.ToString())
{
    /// <summary>The report.</summary>
    public FaultReport Report { get; } = report;
}

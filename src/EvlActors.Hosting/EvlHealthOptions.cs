namespace EvlActors.Hosting;

/// <summary>When a machine's health check speaks up.</summary>
public sealed class EvlHealthOptions
{
    /// <summary>How long a stage may take to answer before the check calls it late; 1 second by default, more than zero.</summary>
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many checks one after another have to find a stage late before the machine is unhealthy; it is degraded until
    /// then. 3 by default, at least 1.</summary>
    public int LateChecks { get; set; } = 3;

    /// <summary>How long a file's release may take before the machine is degraded; 10 seconds by default, more than zero.</summary>
    public TimeSpan StuckClose { get; set; } = TimeSpan.FromSeconds(10);
}

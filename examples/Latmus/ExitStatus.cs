namespace Latmus;

/// <summary>What latmus exits with.</summary>
internal static class ExitStatus
{
    /// <summary>The run ended by its time or by a signal, with the summary.</summary>
    public const int Success = 0;

    /// <summary>A wrong command line, or a run that could not be set up.</summary>
    public const int Failure = 1;

    /// <summary>A diagnosis other than an in-band switch: lock imbalance, sleep under a lock, watchdog, or unknown.</summary>
    public const int Diagnosis = 99;

    /// <summary>The overall maximum exceeded what -A allows.</summary>
    public const int LatencyExceeded = 102;

    /// <summary>A measurement that contradicts itself, such as min > max.</summary>
    public const int Inconsistent = 103;
}

namespace EvlActors.TestKit;

/// <summary>One run of a scenario in which one fault was injected.</summary>
/// <param name="Point">The point that failed.</param>
/// <param name="Nth">Which time that it was met.</param>
/// <param name="Where">Where that was.</param>
/// <param name="Thread">The thread whose call met it; "-": none's.</param>
/// <param name="Seen">What that call was answered; if it noticed nothing, what the scenario gave up with; "-": there was no answer.</param>
/// <param name="Verdict">How the run ended.</param>
/// <param name="Detail">What is wrong, if it did not end well; else empty.</param>
public sealed record FaultTrial(
    FaultPoint Point, long Nth, string Where, string Thread, string Seen, FaultVerdict Verdict, string Detail)
{
    /// <summary>The attributes that repeat it, for <see cref="EvlMachineOptions.Faults"/> with the same seed.</summary>
    public FaultAttributes Attributes => new() { FailNth = Nth };
}

namespace EvlActors.Calls;

/// <summary>What holds for the codes of SIGIO.</summary>
internal static class PollCodes
{
    internal static bool IsValid(this PollCode code) => code is >= PollCode.In and <= PollCode.Hup;

    /// <summary>The poll mask that goes with a code: <c>si_band</c>.</summary>
    internal static PollEvents Band(this PollCode code) => code switch
    {
        PollCode.In => PollEvents.In | PollEvents.RdNorm,
        PollCode.Out => PollEvents.Out | PollEvents.WrNorm | PollEvents.WrBand,
        PollCode.Msg => PollEvents.In | PollEvents.RdNorm | PollEvents.Msg,
        PollCode.Err => PollEvents.Err,
        PollCode.Pri => PollEvents.Pri | PollEvents.RdBand,
        PollCode.Hup => PollEvents.Hup | PollEvents.Err,
        _ => PollEvents.None,
    };
}

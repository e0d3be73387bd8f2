using EvlActors.Actors;
using Microsoft.Extensions.Logging;

namespace EvlActors.Calls;

/// <summary>
/// Decides at each point that is met whether it fails. Exists only while a point of the machine is configured: a machine without
/// it looks at one field for each point.
/// </summary>
internal sealed partial class FaultInjector(MachineContext context, IReadOnlyDictionary<FaultPoint, FaultState> points)
{
    internal IReadOnlyDictionary<FaultPoint, FaultState> Points => points;

    /// <summary>Hears of every point that is met, configured or not; null: nobody wants to.</summary>
    internal Action<FaultMet>? OnMet { get; init; }

    /// <summary>Whether a point fails this time, which is then an event.</summary>
    /// <param name="point">The point.</param>
    /// <param name="call">The call that meets it, or null.</param>
    /// <param name="where">What is about to be done.</param>
    /// <param name="size">How much is asked for.</param>
    internal bool ShouldFail(FaultPoint point, Call? call, string where, long size) => Inject(point, call, where, size) is not null;

    /// <summary>Puts a message off if its point fails this time: it comes back to the actor as a <see cref="LateMessage"/>.</summary>
    internal bool PutsOff(FaultPoint point, Message message, ActorRef receiver, Call? call, string where)
    {
        if (Inject(point, call, where, 1) is not { } attributes)
            return false;
        var late = new LateMessage(message, receiver) { DelayNs = (long)attributes.Delay.TotalNanoseconds };
        context.LateMessages.Tell(late, Rank.Head);
        return true;
    }

    /// <summary>Where a call is, as messages have it.</summary>
    internal static string Place(string where, Call? call) => call switch
    {
        null => where,
        { Step: CallStep.DeviceOperate, File: { } file } => $"{where} in {call.Operation} of {file.Device.Name}",
        _ => $"{where} in {call.Nr}",
    };

    private FaultAttributes? Inject(FaultPoint point, Call? call, string where, long size)
    {
        OnMet?.Invoke(new FaultMet(point, call, where));
        if (!points.TryGetValue(point, out FaultState? state))
            return null;
        long nth = state.Decide(call, size, context.Engine);
        if (nth == 0)
            return null;
        string place = Place(where, call);
        context.Events.Emit(MachineEventKind.FaultInjected, call, call?.Fd ?? -1, call?.File?.Id ?? 0, nth, detail: $"{point} {nth}: {place}");
        if (state.Attributes.Verbose == 1)
            Forced(context.Log, point);
        else if (state.Attributes.Verbose > 1)
            ForcedAt(context.Log, point, nth, place, call is null ? "nobody" : $"thread {call.Thread.Tid} of process {call.Thread.Process.Pid}");
        return state.Attributes;
    }

    [LoggerMessage(LogIds.Forced, LogLevel.Warning, "FAULT_INJECTION: forcing a failure: {Point}.")]
    private static partial void Forced(ILogger logger, FaultPoint point);

    [LoggerMessage(LogIds.ForcedAt, LogLevel.Warning, "FAULT_INJECTION: forcing a failure: {Point}, time {Nth}, {Place}, called by {Caller}.")]
    private static partial void ForcedAt(ILogger logger, FaultPoint point, long nth, string place, string caller);
}

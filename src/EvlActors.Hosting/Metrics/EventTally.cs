using System.Diagnostics.Metrics;

namespace EvlActors.Hosting.Metrics;

/// <summary>Counts what is no call: stage switches by cause, failed devices, warnings of drivers, injected faults. In lanes' turns, without lock.</summary>
internal sealed class EventTally
{
    private readonly long[] _switchedInBand = new long[Enum.GetValues<SwitchCause>().Length];
    private long _switchedOob;
    private long _failures;
    private long _warnings;
    private long _faults;

    internal long Failures => Volatile.Read(ref _failures);

    internal long Warnings => Volatile.Read(ref _warnings);

    internal long Faults => Volatile.Read(ref _faults);

    internal void Count(in MachineEvent happened)
    {
        switch (happened.Kind)
        {
            case MachineEventKind.SwitchedOob:
                Interlocked.Increment(ref _switchedOob);
                break;
            case MachineEventKind.SwitchedInBand:
                Interlocked.Increment(ref _switchedInBand[happened.Count]);
                break;
            case MachineEventKind.DeviceFailed:
                Interlocked.Increment(ref _failures);
                break;
            case MachineEventKind.DriverWarning:
                Interlocked.Increment(ref _warnings);
                break;
            case MachineEventKind.FaultInjected:
                Interlocked.Increment(ref _faults);
                break;
        }
    }

    /// <summary>The switches so far, by the stage that they led to, and why.</summary>
    internal IEnumerable<Measurement<long>> Switches()
    {
        if (Volatile.Read(ref _switchedOob) is var oob and > 0)
            yield return new Measurement<long>(oob, new KeyValuePair<string, object?>("evl.stage", CallTally.NameOf(Stage.Oob)));
        for (int cause = 0; cause < _switchedInBand.Length; cause++)
        {
            if (Volatile.Read(ref _switchedInBand[cause]) is var count and > 0)
            {
                yield return new Measurement<long>(
                    count, new KeyValuePair<string, object?>("evl.stage", CallTally.NameOf(Stage.InBand)), new("evl.cause", ((SwitchCause)cause).ToString()));
            }
        }
    }
}

namespace EvlActors.TestKit;

/// <summary>
/// Holds a run against a recording. Events that don't depend on each other may change places: two lanes emitted theirs at the same time.
/// </summary>
internal sealed class RecordedOrder(MachineEvent[] recorded)
{
    private readonly bool[] _has = new bool[recorded.Length];
    private int _first;

    /// <summary>How many have come in order.</summary>
    internal int Followed { get; private set; }

    /// <summary>The first event that was not next in the recording; null: none.</summary>
    internal string? Difference { get; private set; }

    /// <summary>The thread that something has to happen to next; 0: anything.</summary>
    internal int NextTid => _first < recorded.Length ? recorded[_first].Tid : 0;

    /// <summary>Whether an event is part of the order: what calls and files do, not how they are counted.</summary>
    internal static bool Counts(MachineEvent e) => e.Kind is
        MachineEventKind.CallEntered or MachineEventKind.CallRouted or MachineEventKind.CallAsleep or MachineEventKind.CallWoken or
        MachineEventKind.CallAnswered or MachineEventKind.HookInstall or MachineEventKind.HookReplace or MachineEventKind.HookUninstall or
        MachineEventKind.ReleaseBegun or MachineEventKind.ReleaseOobDone or MachineEventKind.ReleaseDone;

    /// <summary>An event of the run; false: it departs from the recording.</summary>
    internal bool Follows(in MachineEvent happened)
    {
        if (_first == recorded.Length || Difference is not null || !Counts(happened))
            return true;
        for (int i = _first; i < recorded.Length; i++)
        {
            if (_has[i])
                continue;
            if (IsSame(recorded[i], happened))
            {
                Found(i);
                return true;
            }
            if (Depend(recorded[i], happened))
            {
                Difference = $"{Describe.Of(happened)} happened where the recording has {Describe.Of(recorded[i])}";
                return false;
            }
        }
        Difference = $"{Describe.Of(happened)} is not in the recording";
        return false;
    }

    private static bool IsSame(in MachineEvent one, in MachineEvent other) =>
        one.Kind == other.Kind && one.Tid == other.Tid && one.Call == other.Call && one.Nr == other.Nr && one.Fd == other.Fd
        && one.File == other.File && one.Result == other.Result;

    private static bool Depend(in MachineEvent one, in MachineEvent other) =>
        one.Tid == other.Tid || (one.File != 0 && one.File == other.File)
        || (one.Kind == MachineEventKind.CallRouted && other.Kind == MachineEventKind.CallRouted);

    private void Found(int at)
    {
        _has[at] = true;
        Followed++;
        while (_first < recorded.Length && _has[_first])
            _first++;
    }
}

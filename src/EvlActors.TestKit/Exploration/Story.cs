using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>
/// Tells a run in the words of its scenario: which thread makes which call, what sleeps, what is released, what comes before what,
/// and where the schedule lets somebody run out of turn.
/// </summary>
internal sealed class Story
{
    private const int MostLines = 200;

    private readonly List<string> _lines = [];
    private readonly Dictionary<int, string> _names = [];
    private (int Tid, long Call) _lastEntered;

    public override string ToString()
    {
        IEnumerable<string> last = _lines.Count > MostLines ? _lines.Skip(_lines.Count - MostLines).Prepend("  ...") : _lines;
        return string.Join('\n', last);
    }

    internal void Listen(EvlMachine machine, SimulationEngine engine)
    {
        machine.Events.Subscribe(happened => Happened(happened, engine));
        engine.OnInterruption = actor => Add($"  -- {actor} runs first");
    }

    private void Happened(MachineEvent happened, SimulationEngine engine)
    {
        string call = Describe.Of(happened.Nr, happened.Fd);
        switch (happened.Kind)
        {
            case MachineEventKind.CallEntered:
                _names.TryAdd(happened.Tid, (engine.CurrentMessage as Call)?.Thread.Name ?? $"thread-{happened.Tid}");
                Say(happened, $"{call} begins");
                _lastEntered = (happened.Tid, happened.Call);
                return;
            case MachineEventKind.CallAnswered when _lastEntered == (happened.Tid, happened.Call):
                // Nothing worth a line came in between.
                _lines.RemoveAt(_lines.Count - 1);
                Say(happened, $"{call} = {happened.Result}");
                break;
            case MachineEventKind.CallAnswered:
                Say(happened, $"{call} = {happened.Result}");
                break;
            case MachineEventKind.CallRouted:
                if (happened.Nr is not (SyscallNumber.OobRead or SyscallNumber.OobWrite or SyscallNumber.OobIoctl))
                    return;
                Say(happened, $"  {happened.Detail} of file {happened.File} begins");
                break;
            case MachineEventKind.CallAsleep:
                Say(happened, "  sleeps");
                break;
            case MachineEventKind.CallWoken:
                Say(happened, happened.Result.IsError ? $"  is woken: {happened.Result}" : "  is woken");
                break;
            case MachineEventKind.HookInstall:
                Say(happened, $"  descriptor {happened.Fd} is file {happened.File}");
                break;
            case MachineEventKind.HookReplace:
                Say(happened, $"  descriptor {happened.Fd} becomes file {happened.File}");
                break;
            case MachineEventKind.HookUninstall:
                Say(happened, $"  descriptor {happened.Fd} is empty");
                break;
            case MachineEventKind.ReleaseBegun:
                Say(happened, $"  release of file {happened.File} begins");
                break;
            case MachineEventKind.ReleaseOobBegun:
                Say(happened, $"  ReleaseOob of file {happened.File}, {happened.Count} oob references left");
                break;
            case MachineEventKind.ReleaseOobDone:
                Say(happened, $"  ReleaseOob of file {happened.File} is through");
                break;
            case MachineEventKind.ReleaseDone:
                Say(happened, $"  file {happened.File} is gone");
                break;
            case MachineEventKind.DeviceFailed or MachineEventKind.DriverWarning:
                Say(happened, $"  {happened.Detail}");
                break;
            case MachineEventKind.FaultInjected:
                Say(happened, $"  fault {happened.Detail}");
                break;
            case MachineEventKind.SignalDelivered:
                Say(happened, $"  handles signal {(Signal)happened.Count}");
                break;
            case MachineEventKind.ProcessKilled:
                Say(happened, $"  signal {(Signal)happened.Count} ends process {happened.Pid}");
                break;
            default:
                return;
        }
        _lastEntered = default;
    }

    private void Say(in MachineEvent happened, string what) => Add($"  {_names.GetValueOrDefault(happened.Tid, ""),-10} {what}");

    private void Add(string line) => _lines.Add(line);
}

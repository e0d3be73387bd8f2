using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>Every call is answered, once: no sleeper is left asleep when its machine has ended.</summary>
internal sealed class CallInvariant(SimulationEngine engine) : IInvariant
{
    // Few at a time: a thread has one call under way.
    private readonly List<CallUnderWay> _calls = [];

    public string Name => "calls";

    public string? Happened(in MachineEvent happened)
    {
        switch (happened.Kind)
        {
            case MachineEventKind.CallEntered:
                string thread = (engine.CurrentMessage as Call)?.Thread.Name ?? $"thread-{happened.Tid}";
                _calls.Add(new CallUnderWay(happened.Tid, happened.Call, happened.Nr, happened.Fd, thread, false));
                return null;
            case MachineEventKind.CallAsleep or MachineEventKind.CallWoken:
                int at = Find(happened);
                if (at >= 0)
                    _calls[at] = _calls[at] with { IsAsleep = happened.Kind == MachineEventKind.CallAsleep };
                return null;
            case MachineEventKind.CallAnswered:
                int answered = Find(happened);
                if (answered < 0)
                    return $"{Describe.Of(happened.Nr, happened.Fd)} of thread {happened.Tid} is answered twice, or never entered";
                _calls.RemoveAt(answered);
                return null;
            default:
                return null;
        }
    }

    public string? Ended()
    {
        if (_calls.Count == 0)
            return null;
        CallUnderWay left = _calls[0];
        return $"{Describe.Of(left.Nr, left.Fd)} of {left.Thread} was never {(left.IsAsleep ? "woken" : "answered")}";
    }

    private int Find(in MachineEvent happened)
    {
        for (int i = _calls.Count - 1; i >= 0; i--)
        {
            if (_calls[i].Tid == happened.Tid && _calls[i].Number == happened.Call)
                return i;
        }
        return -1;
    }
}

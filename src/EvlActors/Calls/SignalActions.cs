namespace EvlActors.Calls;

/// <summary>The dispositions of a process. Changed by the in-band stage alone; the actors of its threads read them.</summary>
internal sealed class SignalActions
{
    // Made when the first is set: most processes leave them all alone.
    private SignalAction?[]? _actions;

    internal SignalAction this[Signal signal]
    {
        get => Volatile.Read(ref _actions) is { } actions ? Volatile.Read(ref actions[(int)signal]) ?? SignalAction.Default : SignalAction.Default;
        set
        {
            if (_actions is null)
                Volatile.Write(ref _actions, new SignalAction?[(int)Signal.SIGRTMAX + 1]);
            Volatile.Write(ref _actions[(int)signal], value);
        }
    }

    /// <summary>What a child inherits by fork.</summary>
    internal SignalActions Copy() => new() { _actions = (SignalAction?[]?)_actions?.Clone() };

    /// <summary>What exec does: handlers become the default, ignored signals stay ignored.</summary>
    internal void ResetHandlers()
    {
        for (int signal = 1; signal < _actions?.Length; signal++)
        {
            if (_actions[signal]?.Handler is not null)
                Volatile.Write(ref _actions[signal], null);
        }
    }
}

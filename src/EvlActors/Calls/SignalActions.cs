namespace EvlActors.Calls;

/// <summary>The dispositions of a process. Changed by the in-band stage alone; the actors of its threads read them.</summary>
internal sealed class SignalActions
{
    private readonly SignalAction?[] _actions = new SignalAction?[(int)Signal.SIGRTMAX + 1];

    internal SignalAction this[Signal signal]
    {
        get => Volatile.Read(ref _actions[(int)signal]) ?? SignalAction.Default;
        set => Volatile.Write(ref _actions[(int)signal], value);
    }

    /// <summary>What a child inherits by fork.</summary>
    internal SignalActions Copy()
    {
        var copy = new SignalActions();
        _actions.CopyTo(copy._actions, 0);
        return copy;
    }

    /// <summary>What exec does: handlers become the default, ignored signals stay ignored.</summary>
    internal void ResetHandlers()
    {
        for (int signal = 1; signal < _actions.Length; signal++)
        {
            if (_actions[signal]?.Handler is not null)
                Volatile.Write(ref _actions[signal], null);
        }
    }
}

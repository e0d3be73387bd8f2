namespace EvlActors.Calls;

/// <summary>What a process does with a signal, as the actors see it; immutable, replaced as a whole.</summary>
internal sealed class SignalAction(bool isIgnored, object? handler, bool restarts, ulong mask)
{
    internal static SignalAction Default { get; } = new(isIgnored: false, handler: null, restarts: false, mask: 0);

    internal static SignalAction Ignore { get; } = new(isIgnored: true, handler: null, restarts: false, mask: 0);

    /// <summary>The application's handler, which only the façade can run; null: none.</summary>
    internal object? Handler { get; } = handler;

    /// <summary>Whether an interrupted call is made again: SA_RESTART.</summary>
    internal bool Restarts { get; } = restarts;

    /// <summary>What is blocked while the handler runs, besides the signal itself.</summary>
    internal ulong Mask { get; } = mask;

    /// <summary>SIG_IGN itself, not a default that does nothing.</summary>
    internal bool IsIgnored { get; } = isIgnored;

    internal bool Ignores(Signal signal) => Handler is null && (IsIgnored || !signal.EndsByDefault());

    internal bool Ends(Signal signal) => Handler is null && !IsIgnored && signal.EndsByDefault();
}

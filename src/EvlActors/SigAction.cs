using EvlActors.Calls;

namespace EvlActors;

/// <summary>What a process does with a signal. Counterpart of <c>struct sigaction</c>; immutable.</summary>
public sealed class SigAction
{
    private SigAction(SignalAction action) => Action = action;

    /// <summary>SIG_DFL: the signal's default action.</summary>
    public static SigAction Default { get; } = new(SignalAction.Default);

    /// <summary>SIG_IGN: the signal is ignored; it interrupts nothing.</summary>
    public static SigAction Ignore { get; } = new(SignalAction.Ignore);

    internal SignalAction Action { get; }

    /// <summary>A handler, which is code of the thread that gets the signal and may make system calls by it.</summary>
    /// <param name="handler">Runs where that thread's body runs: for a blocking call on its own OS thread (make blocking calls in
    /// it then), else where continuations run. What it throws, the interrupted call throws.</param>
    /// <param name="restart">SA_RESTART: whether a call that it interrupted is made again instead of answering EINTR; no by
    /// default.</param>
    /// <param name="mask">What is blocked while it runs, besides the signal itself; nothing by default.</param>
    /// <returns>The action.</returns>
    public static SigAction Handle(Func<UserThread, SigInfo, ValueTask> handler, bool restart = false, SigSet mask = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new SigAction(new SignalAction(isIgnored: false, handler, restart, mask.Bits));
    }

    /// <summary>A handler that makes no asynchronous calls; see
    /// <see cref="Handle(Func{UserThread, SigInfo, ValueTask}, bool, SigSet)"/>.</summary>
    /// <param name="handler">The handler.</param>
    /// <param name="restart">SA_RESTART; no by default.</param>
    /// <param name="mask">What is blocked while it runs, besides the signal itself; nothing by default.</param>
    /// <returns>The action.</returns>
    public static SigAction Handle(Action<SigInfo> handler, bool restart = false, SigSet mask = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Handle((_, info) => { handler(info); return ValueTask.CompletedTask; }, restart, mask);
    }
}

namespace EvlActors.Engine;

/// <summary>
/// Where one thread sleeps until another wakes it. A wake is remembered until the next <see cref="Wait"/>, which may also
/// return for no reason: whoever waits tests its condition again.
/// </summary>
internal abstract class Parker
{
    internal static Parker Create() => Linux.IsSupported ? new FutexParker() : new MonitorParker();

    /// <summary>Sleeps until woken, or until the date has come.</summary>
    /// <param name="deadlineNs">A date of <see cref="MonotonicClock"/>, or <see cref="long.MaxValue"/>.</param>
    internal abstract void Wait(long deadlineNs = long.MaxValue);

    /// <summary>Wakes the thread, or keeps its next wait from sleeping. Any thread; does not block.</summary>
    internal abstract void Wake();
}

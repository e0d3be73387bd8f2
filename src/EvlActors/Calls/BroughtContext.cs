namespace EvlActors.Calls;

/// <summary>
/// What a thread brings along into a turn of the machine's own, which does not look for it: taken off before a piece of code that is
/// not the machine's own, and there again after, whatever that code has set.
/// </summary>
internal readonly struct BroughtContext
{
    private readonly ExecutionContext? _execution;
    private readonly SynchronizationContext? _synchronization;

    private BroughtContext(ExecutionContext? execution, SynchronizationContext? synchronization)
    {
        _execution = execution;
        _synchronization = synchronization;
    }

    internal static BroughtContext TakeOff()
    {
        var brought = new BroughtContext(ExecutionContext.Capture(), SynchronizationContext.Current);
        if (brought._synchronization is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        return brought;
    }

    /// <summary>In the end of a try: that code may throw.</summary>
    internal void PutBack()
    {
        // Null: the thread suppressed the flow when it came, and there is nothing to restore from.
        if (_execution is not null && !ReferenceEquals(ExecutionContext.Capture(), _execution))
            ExecutionContext.Restore(_execution);
        if (!ReferenceEquals(SynchronizationContext.Current, _synchronization))
            SynchronizationContext.SetSynchronizationContext(_synchronization);
    }
}

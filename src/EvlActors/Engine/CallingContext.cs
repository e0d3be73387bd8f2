namespace EvlActors.Engine;

/// <summary>
/// What a thread brings along and turns must not see or change: its SynchronizationContext is taken off while it runs a lane
/// and put back after, its ExecutionContext put back if a turn changed it.
/// </summary>
internal readonly struct CallingContext
{
    private readonly SynchronizationContext? _synchronization;
    private readonly ExecutionContext? _execution;

    private CallingContext(SynchronizationContext? synchronization, ExecutionContext? execution)
    {
        _synchronization = synchronization;
        _execution = execution;
    }

    internal static CallingContext TakeOff()
    {
        SynchronizationContext? synchronization = SynchronizationContext.Current;
        if (synchronization is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        return new(synchronization, ExecutionContext.Capture());
    }

    internal void PutBack()
    {
        if (!ReferenceEquals(SynchronizationContext.Current, _synchronization))
            SynchronizationContext.SetSynchronizationContext(_synchronization);
        // Null: the thread suppresses the flow, and there is nothing to restore it from.
        if (_execution is not null && !ReferenceEquals(ExecutionContext.Capture(), _execution))
            ExecutionContext.Restore(_execution);
    }
}

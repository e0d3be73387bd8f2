using System.Runtime.CompilerServices;

namespace EvlActors.Engine;

/// <summary>
/// What a thread brings along and turns must neither see nor change: its SynchronizationContext is taken off while it owns a lane
/// and put back after; its ExecutionContext is put back after every turn that changed it.
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

    /// <summary>After a turn: undoes what it changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void ResetIfChanged()
    {
        if (SynchronizationContext.Current is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        if (!ReferenceEquals(ExecutionContext.Capture(), _execution))
            ResetExecution();
    }

    /// <summary>After the last turn.</summary>
    internal void PutBack()
    {
        if (_synchronization is not null)
            SynchronizationContext.SetSynchronizationContext(_synchronization);
    }

    private void ResetExecution()
    {
        // Null: the thread suppressed the flow when it came, and there is nothing to restore from.
        if (_execution is not null)
            ExecutionContext.Restore(_execution);
    }
}

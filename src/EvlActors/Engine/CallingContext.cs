using System.Runtime.CompilerServices;

namespace EvlActors.Engine;

/// <summary>
/// What a thread brings along and turns must neither see nor change: its SynchronizationContext is taken off while it owns a lane
/// and put back after; its ExecutionContext is kept before the first turn that could change it and put back after every turn that did.
/// </summary>
internal struct CallingContext
{
    private readonly SynchronizationContext? _synchronization;
    private ExecutionContext? _execution;
    private bool _isKept;

    private CallingContext(SynchronizationContext? synchronization) => _synchronization = synchronization;

    internal static CallingContext TakeOff()
    {
        SynchronizationContext? synchronization = SynchronizationContext.Current;
        if (synchronization is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        return new(synchronization);
    }

    /// <summary>Before a turn that runs code which is not the machine's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Keep()
    {
        if (_isKept)
            return;
        _execution = ExecutionContext.Capture();
        _isKept = true;
    }

    /// <summary>After such a turn: undoes what it changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly void ResetIfChanged()
    {
        if (SynchronizationContext.Current is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        if (!ReferenceEquals(ExecutionContext.Capture(), _execution))
            ResetExecution();
    }

    /// <summary>After the last turn.</summary>
    internal readonly void PutBack()
    {
        if (_synchronization is not null)
            SynchronizationContext.SetSynchronizationContext(_synchronization);
    }

    private readonly void ResetExecution()
    {
        // Null: the thread suppressed the flow when it came, and there is nothing to restore from.
        if (_execution is not null)
            ExecutionContext.Restore(_execution);
    }
}

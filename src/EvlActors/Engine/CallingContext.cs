using System.Runtime.CompilerServices;

namespace EvlActors.Engine;

/// <summary>
/// What a thread brings along and code in its turns must neither see nor change: before the first turn that runs code which is not
/// the machine's own, its SynchronizationContext is taken off, to be put back when it leaves the lane, and its ExecutionContext is kept, to
/// be put back after every turn that changed it. Most entries run no such code, and are spared the look.
/// </summary>
internal struct CallingContext
{
    private SynchronizationContext? _synchronization;
    private ExecutionContext? _execution;
    private bool _isKept;

    /// <summary>A thread has come.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Begin() => _isKept = false;

    /// <summary>Before a turn that runs code which is not the machine's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Keep()
    {
        if (!_isKept)
            TakeOff();
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void PutBack()
    {
        if (_isKept)
            PutBackKept();
    }

    /// <summary>The thread goes on in another lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void GiveTo(ref CallingContext next)
    {
        if (_isKept)
            GiveKeptTo(ref next);
        else
            next._isKept = false;
    }

    private void TakeOff()
    {
        _isKept = true;
        _execution = ExecutionContext.Capture();
        _synchronization = SynchronizationContext.Current;
        if (_synchronization is not null)
            SynchronizationContext.SetSynchronizationContext(null);
    }

    private void PutBackKept()
    {
        if (_synchronization is not null)
            SynchronizationContext.SetSynchronizationContext(_synchronization);
        Forget();
    }

    private void GiveKeptTo(ref CallingContext next)
    {
        next = this;
        Forget();
    }

    // What the thread has brought is not held by the lane that it has left: the next to look for it may come much later.
    private void Forget()
    {
        _synchronization = null;
        _execution = null;
        _isKept = false;
    }

    private readonly void ResetExecution()
    {
        // Null: the thread suppressed the flow when it came, and there is nothing to restore from.
        if (_execution is not null)
            ExecutionContext.Restore(_execution);
    }
}

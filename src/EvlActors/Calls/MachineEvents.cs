using System.Runtime.CompilerServices;
using EvlActors.Actors;
using Microsoft.Extensions.Logging;

namespace EvlActors;

/// <summary>
/// The event stream of a machine: what happens, typed and in order. Costs next to nothing while nobody listens.
/// </summary>
/// <remarks>Listeners run in place, in the turn that does what they hear of: they must be quick, must not block, and may be
/// called from two lanes at once. One that throws is logged once and removed.</remarks>
public sealed partial class MachineEvents
{
    private readonly IActorEngine _engine;
    private readonly ILogger _log;
    private Action<MachineEvent>[] _listeners = [];
    private long _sequence;

    internal MachineEvents(IActorEngine engine, ILogger log)
    {
        _engine = engine;
        _log = log;
    }

    /// <summary>Whether anybody listens; tested before an event is made.</summary>
    internal bool IsOn => _listeners.Length != 0;

    /// <summary>Listens until disposed of. Any thread.</summary>
    /// <param name="listener">Called for each event; see the remarks.</param>
    /// <returns>Ends the subscription; a second dispose does nothing.</returns>
    public IDisposable Subscribe(Action<MachineEvent> listener)
    {
        ArgumentNullException.ThrowIfNull(listener);
        Change(listeners => [.. listeners, listener]);
        return new Subscription(this, listener);
    }

    /// <summary>Tells the listeners. Small, so that nothing but a test is left of it in its callers while nobody listens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Emit(
        MachineEventKind kind, Calls.Call? call = null, int fd = -1, long file = 0, long count = 0, SysResult result = default, string? detail = null,
        Calls.ThreadInfo? thread = null)
    {
        if (IsOn)
            Tell(kind, call, fd, file, count, result, detail, thread);
    }

    private void Tell(
        MachineEventKind kind, Calls.Call? call, int fd, long file, long count, SysResult result, string? detail, Calls.ThreadInfo? thread)
    {
        thread ??= call?.Thread;
        var happened = new MachineEvent(
            Interlocked.Increment(ref _sequence), _engine.MonotonicNs, kind,
            thread?.Process.Pid ?? 0, thread?.Tid ?? 0, call?.Number ?? 0, call?.Nr ?? default,
            fd, file, count, result, detail);
        // What a listener sets is undone here: not every turn looks whether its thread's context has changed.
        ExecutionContext? execution = ExecutionContext.Capture();
        SynchronizationContext? synchronization = SynchronizationContext.Current;
        foreach (Action<MachineEvent> listener in _listeners)
        {
            try
            {
                listener(happened);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Remove(listener);
                ListenerThrew(_log, e);
            }
        }
        if (execution is not null && !ReferenceEquals(ExecutionContext.Capture(), execution))
            ExecutionContext.Restore(execution);
        if (!ReferenceEquals(SynchronizationContext.Current, synchronization))
            SynchronizationContext.SetSynchronizationContext(synchronization);
    }

    [LoggerMessage(1, LogLevel.Error, "An event listener threw and was removed.")]
    private static partial void ListenerThrew(ILogger logger, Exception exception);

    private void Remove(Action<MachineEvent> listener) => Change(listeners => Array.FindAll(listeners, l => l != listener));

    // Listeners come and go from any thread while lanes read the array: it is replaced as a whole.
    private void Change(Func<Action<MachineEvent>[], Action<MachineEvent>[]> change)
    {
        Action<MachineEvent>[] before, after;
        do
        {
            before = _listeners;
            after = change(before);
        }
        while (Interlocked.CompareExchange(ref _listeners, after, before) != before);
    }

    private sealed class Subscription(MachineEvents events, Action<MachineEvent> listener) : IDisposable
    {
        public void Dispose() => events.Remove(listener);
    }
}

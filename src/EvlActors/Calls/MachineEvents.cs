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
    private Subscription[] _listeners = [];
    private ulong _kinds; // a bit for each kind that one of them wants
    private long _sequence;

    internal MachineEvents(IActorEngine engine, ILogger log)
    {
        _engine = engine;
        _log = log;
    }

    /// <summary>Whether anybody listens to a kind; tested before an event is made.</summary>
    internal bool Wants(MachineEventKind kind) => (Volatile.Read(ref _kinds) >> (int)kind & 1) != 0;

    /// <summary>Listens until disposed of. Any thread.</summary>
    /// <param name="listener">Called for each event; see the remarks.</param>
    /// <param name="kinds">The kinds it is called for, the others cost nothing; none: all.</param>
    /// <returns>Ends the subscription; a second dispose does nothing.</returns>
    public IDisposable Subscribe(Action<MachineEvent> listener, params ReadOnlySpan<MachineEventKind> kinds)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ulong wanted = kinds.IsEmpty ? ulong.MaxValue : 0;
        foreach (MachineEventKind kind in kinds)
            wanted |= 1UL << (int)kind;
        var subscription = new Subscription(this, listener, wanted);
        Change(all => [.. all, subscription]);
        return subscription;
    }

    /// <summary>Tells the listeners. Small, so that nothing but a test is left of it in its callers while nobody listens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Emit(
        MachineEventKind kind, Calls.Call? call = null, int fd = -1, long file = 0, long count = 0, SysResult result = default, string? detail = null,
        Calls.ThreadInfo? thread = null)
    {
        if (Wants(kind))
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
        foreach (Subscription listener in Volatile.Read(ref _listeners))
        {
            if ((listener.Kinds >> (int)kind & 1) == 0)
                continue;
            try
            {
                listener.Hear(happened);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                listener.Dispose();
                ListenerThrew(_log, e);
            }
        }
        if (execution is not null && !ReferenceEquals(ExecutionContext.Capture(), execution))
            ExecutionContext.Restore(execution);
        if (!ReferenceEquals(SynchronizationContext.Current, synchronization))
            SynchronizationContext.SetSynchronizationContext(synchronization);
    }

    [LoggerMessage(LogIds.ListenerThrew, LogLevel.Error, "An event listener threw and was removed.")]
    private static partial void ListenerThrew(ILogger logger, Exception exception);

    // Listeners come and go from any thread while lanes read them: they are replaced as a whole.
    private void Change(Func<Subscription[], Subscription[]> change)
    {
        Subscription[] before, after;
        do
        {
            before = Volatile.Read(ref _listeners);
            after = change(before);
        }
        while (Interlocked.CompareExchange(ref _listeners, after, before) != before);
        // Whoever finds the list changed again writes again: the kinds that stay are those of the list that stays.
        do
        {
            before = Volatile.Read(ref _listeners);
            Interlocked.Exchange(ref _kinds, before.Aggregate(0UL, (kinds, listener) => kinds | listener.Kinds));
        }
        while (Volatile.Read(ref _listeners) != before);
    }

    private sealed class Subscription(MachineEvents events, Action<MachineEvent> listener, ulong kinds) : IDisposable
    {
        internal ulong Kinds => kinds;

        internal void Hear(in MachineEvent happened) => listener(happened);

        public void Dispose() => events.Change(all => Array.FindAll(all, other => other != this));
    }
}

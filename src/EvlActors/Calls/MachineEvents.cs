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
    private readonly Lock _changing = new(); // held for a change of the list; nothing foreign runs meanwhile
    private Listeners _listeners = new([], null, 0);
    private ulong _kinds; // those of _listeners, one look nearer: a call asks a dozen times
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
        var subscription = new Subscription(this, listener, kinds.IsEmpty ? ulong.MaxValue : Bits(kinds));
        Change(before => new Listeners([.. before.All, subscription], before.Watch, before.Watched));
        return subscription;
    }

    /// <summary>Has the machine's own test equipment see the events of some kinds, before the listeners do. Once.</summary>
    /// <param name="watch">Sees them.</param>
    /// <param name="kinds">The kinds.</param>
    internal void Watch(Calls.IEventWatch watch, params ReadOnlySpan<MachineEventKind> kinds)
    {
        ulong wanted = Bits(kinds);
        Change(before => new Listeners(before.All, watch, wanted));
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
        Listeners listeners = Volatile.Read(ref _listeners);
        var happened = new MachineEvent(
            Interlocked.Increment(ref _sequence), _engine.MonotonicNs, kind,
            thread?.Process.Pid ?? 0, thread?.Tid ?? 0, call?.Number ?? 0, call?.Nr ?? default,
            fd, file, count, result, detail);
        if ((listeners.Watched >> (int)kind & 1) != 0)
            listeners.Watch!.Happened(happened); // whoever watches a kind is there
        if (listeners.All.Length > 0)
            Tell(listeners.All, happened);
    }

    private void Tell(Subscription[] listeners, in MachineEvent happened)
    {
        // What a listener sets is undone here, and what the thread brings along is taken off: not every turn looks for it.
        Calls.BroughtContext brought = Calls.BroughtContext.TakeOff();
        try
        {
            foreach (Subscription listener in listeners)
            {
                if ((listener.Kinds >> (int)happened.Kind & 1) != 0)
                    Tell(listener, happened);
            }
        }
        finally
        {
            brought.PutBack();
        }
    }

    private void Tell(Subscription listener, in MachineEvent happened)
    {
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

    [LoggerMessage(LogIds.ListenerThrew, LogLevel.Error, "An event listener threw and was removed.")]
    private static partial void ListenerThrew(ILogger logger, Exception exception);

    // Lanes read both while listeners come and go, so the list is replaced as a whole, and the kinds are of the list that is there
    // whenever a change has ended: who has subscribed misses nothing because of somebody else who just leaves.
    private void Change(Func<Listeners, Listeners> change)
    {
        lock (_changing)
        {
            Listeners after = change(_listeners);
            Volatile.Write(ref _listeners, after);
            Volatile.Write(ref _kinds, after.Kinds);
        }
    }

    private static ulong Bits(ReadOnlySpan<MachineEventKind> kinds)
    {
        ulong bits = 0;
        foreach (MachineEventKind kind in kinds)
            bits |= 1UL << (int)kind;
        return bits;
    }

    private sealed class Listeners
    {
        internal readonly Subscription[] All;
        internal readonly Calls.IEventWatch? Watch;

        // A bit for each kind that the watch wants, and for each that anybody does.
        internal readonly ulong Watched;
        internal readonly ulong Kinds;

        internal Listeners(Subscription[] all, Calls.IEventWatch? watch, ulong watched)
        {
            All = all;
            Watch = watch;
            Watched = Kinds = watched;
            foreach (Subscription listener in all)
                Kinds |= listener.Kinds;
        }
    }

    private sealed class Subscription(MachineEvents events, Action<MachineEvent> listener, ulong kinds) : IDisposable
    {
        internal ulong Kinds => kinds;

        internal void Hear(in MachineEvent happened) => listener(happened);

        public void Dispose() => events.Change(
            before => new Listeners(Array.FindAll(before.All, other => other != this), before.Watch, before.Watched));
    }
}

using System.Collections.Concurrent;

namespace EvlActors.Behaviour;

/// <summary>A machine under test: what happens in it is recorded, and tests can wait until it has happened.</summary>
public sealed class Scenario
{
    private readonly object _gate = new();
    private readonly List<MachineEvent> _events = [];
    private readonly List<(Func<MachineEvent, bool> Wanted, TaskCompletionSource Seen)> _awaited = [];

    internal Scenario(EvlMachine machine)
    {
        Machine = machine;
        machine.Events.Subscribe(Record);
    }

    /// <summary>The machine.</summary>
    public EvlMachine Machine { get; }

    /// <summary>What has happened so far, in order.</summary>
    public IReadOnlyList<MachineEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events.OrderBy(e => e.Sequence)];
        }
    }

    /// <summary>A process with an attached FIFO thread.</summary>
    public async Task<UserThread> OobThread(EvlProcess process, int priority = 50, string? name = null)
    {
        UserThread thread = process.CreateThread(SchedPolicy.Fifo, priority, name);
        await thread.AttachAsync().OrThrow();
        return thread;
    }

    /// <summary>The events of some kinds, as "kind(fd)" or "kind", for comparing orders.</summary>
    public IEnumerable<MachineEvent> Of(params MachineEventKind[] kinds) => Events.Where(e => kinds.Contains(e.Kind));

    /// <summary>Waits until something has happened, or returns at once if it has.</summary>
    public Task Until(Func<MachineEvent, bool> wanted)
    {
        lock (_gate)
        {
            if (_events.Any(wanted))
                return Task.CompletedTask;
            // Continued by the context of whoever awaits it: in a simulation that is an engine's body.
            var seen = new TaskCompletionSource();
            _awaited.Add((wanted, seen));
            return seen.Task;
        }
    }

    /// <summary>Waits until a thread's call number <paramref name="call"/> or a later one sleeps.</summary>
    public Task UntilAsleep(UserThread thread) =>
        Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == thread.Tid);

    /// <summary>
    /// Begins a call that sleeps until its timeout, and waits until it sleeps. On a host that is busy enough any time may have passed
    /// before it does: then it is begun again with four times as much.
    /// </summary>
    /// <param name="thread">Whose call it is.</param>
    /// <param name="timeoutMs">The first timeout, in milliseconds.</param>
    /// <param name="begin">Begins the call with a timeout in milliseconds.</param>
    /// <returns>The call, asleep, and its timeout in milliseconds.</returns>
    public async Task<(Task<SysResult> Call, int TimeoutMs)> Asleep(UserThread thread, int timeoutMs, Func<int, ValueTask<SysResult>> begin)
    {
        while (true)
        {
            IReadOnlyList<MachineEvent> before = Events;
            long last = before.Count == 0 ? 0 : before[^1].Sequence;
            bool IsNews(MachineEvent e) => e.Sequence > last && e.Tid == thread.Tid
                && e.Kind is (MachineEventKind.CallAsleep or MachineEventKind.CallAnswered);
            Task<SysResult> call = begin(timeoutMs).AsTask();
            await Until(IsNews);
            if (Events.First(IsNews).Kind == MachineEventKind.CallAsleep)
                return (call, timeoutMs);
            await call;
            timeoutMs *= 4;
        }
    }

    private void Record(MachineEvent happened)
    {
        List<TaskCompletionSource> seen = [];
        lock (_gate)
        {
            _events.Add(happened);
            for (int i = _awaited.Count - 1; i >= 0; i--)
            {
                if (!_awaited[i].Wanted(happened))
                    continue;
                seen.Add(_awaited[i].Seen);
                _awaited.RemoveAt(i);
            }
        }
        foreach (TaskCompletionSource source in seen)
            Complete(source);
    }

    // A listener runs in a turn, where there is no synchronization context: a continuation that asked for none would run inside
    // the turn, so it is sent to the pool; one that has a context goes there.
    private static void Complete(TaskCompletionSource source) => source.TrySetResult();
}

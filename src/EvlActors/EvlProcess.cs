using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Dovetail;
using EvlActors.InBand;

namespace EvlActors;

/// <summary>A process of a machine: a table of descriptors, credentials, limits, and threads that make system calls.</summary>
public sealed class EvlProcess
{
    private readonly ProcessInfo _info;
    private readonly List<ThreadInfo> _threads = [];
    private readonly UserThread _reaper;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<SysResult>? _exit;
    private bool _hasEnded;

    internal EvlProcess(EvlMachine machine, ProcessInfo info, ThreadInfo? forkedBy = null, ulong mask = 0)
    {
        Machine = machine;
        _info = info;
        _reaper = NewThread("exit", SchedPolicy.Other, 0, isReaper: true);
        if (forkedBy is not null)
            MainThread = NewThread(forkedBy.Name, forkedBy.Policy, forkedBy.Priority, mask: mask);
    }

    /// <summary>The machine it lives in.</summary>
    public EvlMachine Machine { get; }

    /// <summary>Its number, from 1.</summary>
    public int Pid => _info.Pid;

    /// <summary>The one thread that a forked process begins with; null in a process that the machine made.</summary>
    public UserThread? MainThread { get; }

    /// <summary>Who it acts as now.</summary>
    public Credentials Credentials => _info.Credentials;

    internal ProcessInfo Info => _info;

    /// <summary>How many of its threads are not dead, the one included that ends it for whoever asks from outside.</summary>
    internal int ThreadCount
    {
        get
        {
            lock (_threads)
                return _threads.Count;
        }
    }

    /// <summary>Makes a user thread. It is a door for calls, not an OS thread: whoever holds it makes its calls, one at a time.</summary>
    /// <param name="policy">Its nominal scheduling policy; SCHED_OTHER by default.</param>
    /// <param name="priority">1 to 99 for FIFO and RR, 0 otherwise; it ranks its messages.</param>
    /// <param name="name">Its name in events; null: by number.</param>
    /// <returns>The thread, in-band and not attached.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The priority does not fit the policy.</exception>
    public UserThread CreateThread(SchedPolicy policy = SchedPolicy.Other, int priority = 0, string? name = null)
    {
        bool isRealTime = policy != SchedPolicy.Other;
        if (isRealTime ? priority is < 1 or > Rank.MaxOobPriority : priority != 0)
            throw new ArgumentOutOfRangeException(nameof(priority), priority, "A priority is 1 to 99 with FIFO and RR, and 0 with OTHER.");
        return NewThread(name, policy, priority);
    }

    /// <summary>Runs an asynchronous body; its continuations run where the engine says. If it throws while its thread is
    /// out-of-band, the thread is switched in-band and gets SIGSEGV, which ends the process unless it has a handler.</summary>
    /// <param name="thread">The thread that is passed to the body.</param>
    /// <param name="body">The body.</param>
    /// <returns>Completes with the body.</returns>
    public Task Run(UserThread thread, Func<UserThread, Task> body)
    {
        ArgumentNullException.ThrowIfNull(thread);
        ArgumentNullException.ThrowIfNull(body);
        return Machine.Engine.RunBody(async () =>
        {
            try
            {
                await body(thread).ConfigureAwait(true);
            }
            catch (Exception)
            {
                await thread.FaultAsync().ConfigureAwait(true);
                throw;
            }
        });
    }

    /// <summary>
    /// Runs a body that makes blocking calls on an OS thread of its own, under the user thread's policy and priority where the
    /// system permits it. What it throws has the effect that <see cref="Run"/> says.
    /// </summary>
    /// <param name="thread">The thread that is passed to the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="cpu">The CPU that it is pinned to; null (default): none.</param>
    /// <returns>Completes with the body.</returns>
    public Task StartThread(UserThread thread, Action<UserThread> body, int? cpu = null)
    {
        ArgumentNullException.ThrowIfNull(thread);
        ArgumentNullException.ThrowIfNull(body);
        return Machine.Engine.StartThread(new ThreadOptions(thread.Name, thread.Priority, cpu), () =>
        {
            try
            {
                body(thread);
            }
            catch (Exception)
            {
                thread.Fault();
                throw;
            }
        });
    }

    /// <summary>
    /// Makes a user thread and runs a body on an OS thread of its own; see
    /// <see cref="StartThread(UserThread, Action{UserThread}, int?)"/>.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="priority">The priority.</param>
    /// <param name="body">The body.</param>
    /// <returns>Completes with the body.</returns>
    public Task StartThread(SchedPolicy policy, int priority, Action<UserThread> body) =>
        StartThread(CreateThread(policy, priority), body);

    /// <summary>Sends a signal to the process from outside the machine. Any thread.</summary>
    /// <param name="signal">The signal.</param>
    /// <returns>0; EINVAL, ESRCH, EAGAIN. Completes when the signal is with a thread or pending on the process.</returns>
    public ValueTask<SysResult> Kill(Signal signal) => Send(SignalTarget.Process, Pid, signal);

    /// <summary>
    /// Ends the process: its threads are killed, then its descriptors closed in ascending order, each awaited. exit_group(2).
    /// </summary>
    /// <param name="status">The exit status that its parent gets, 0 to 255; 0 by default.</param>
    /// <returns>0 when it has ended; ESRCH if it has ended or is ending.</returns>
    public ValueTask<SysResult> ExitAsync(int status = 0)
    {
        var exit = new TaskCompletionSource<SysResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        return Interlocked.CompareExchange(ref _exit, exit, null) is null
            ? ExitNow(exit, status)
            : new ValueTask<SysResult>(Errno.ESRCH);
    }

    /// <summary>Ends it on behalf of the machine, also while calls from outside are refused; waits also if it ends already.</summary>
    internal async Task EndAsync()
    {
        await ExitAsync().ConfigureAwait(true);
        await _exit!.Task.ConfigureAwait(true); // an exit was made just now, if not before
        HasEnded();
        await Left.ConfigureAwait(true);
    }

    /// <summary>Completes when it has ended and its threads are dead, the one included whose exit was answered last.</summary>
    internal Task Left => _left.Task;

    internal async ValueTask<SysResult> Send(SignalTarget target, int id, Signal signal)
    {
        var completion = new TaskCompletionSource<SysResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        Machine.Context.InBandStage.Tell(
            new SendSignal(target, id, new SigInfo(signal, SigCode.User)) { Completion = completion }, Rank.Head);
        return await completion.Task.ConfigureAwait(true);
    }

    internal void Abort(Errno errno)
    {
        lock (_threads)
        {
            foreach (ThreadInfo thread in _threads)
                thread.Actor.Tell(new Abort(errno), Rank.Head);
        }
        // In a machine that has failed nobody may be left to die.
        _left.TrySetResult();
    }

    /// <summary>The process has ended: nobody needs the thread that would have ended it.</summary>
    internal void OnEnded()
    {
        _reaper.Retire();
        HasEnded();
    }

    private void HasEnded()
    {
        lock (_threads)
            _hasEnded = true;
        LeaveIfDone();
    }

    /// <summary>A thread of it is dead, or its engine has stopped it alive.</summary>
    internal void Forget(ThreadInfo thread)
    {
        lock (_threads)
            _threads.Remove(thread);
        LeaveIfDone();
    }

    private void LeaveIfDone()
    {
        lock (_threads)
        {
            if (!_hasEnded || !_threads.TrueForAll(thread => thread.IsReaper))
                return;
        }
        Machine.Forget(this);
        _left.TrySetResult();
    }

    private async ValueTask<SysResult> ExitNow(TaskCompletionSource<SysResult> exit, int status)
    {
        SysResult result = await _reaper.ExitAsReaperAsync(status).ConfigureAwait(true);
        exit.SetResult(result);
        return result;
    }

    private UserThread NewThread(string? name, SchedPolicy policy, int priority, bool isReaper = false, ulong mask = 0)
    {
        int tid = isReaper ? Machine.Context.NextOwnTid() : Machine.Context.NextTid();
        var thread = new ThreadInfo(tid, _info, name ?? $"thread-{tid}", policy, priority) { IsReaper = isReaper, FirstMask = mask };
        // Before it is spawned: whoever stops it tells its face.
        var face = new UserThread(this, thread);
        Placement placement = policy == SchedPolicy.Other ? Placement.InBand : Placement.Oob;
        thread.Actor = Machine.Engine.Spawn(
            new DovetailThread(Machine.Context, thread), new SpawnOptions($"dovetail/{thread.Name}", placement, Machine.Dovetail));
        Machine.Context.CountThread();
        // It can't die before the stage knows it.
        lock (_threads)
            _threads.Add(thread);
        // The thread that ends the process for whoever asks from outside is not one of its own, and nobody else's to call with.
        if (!isReaper)
        {
            Machine.Dovetail.Tell(new RegisterThread(thread), Rank.Head);
            Machine.Context.InBandStage.Tell(new ProcessMessage(_info, thread), Rank.Head);
        }
        return face;
    }
}

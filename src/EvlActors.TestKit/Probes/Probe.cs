namespace EvlActors.TestKit;

/// <summary>
/// Watches what happens in a machine from now on, on any engine, and expects it in order: each expectation passes over what comes before
/// the event that meets it, and the next looks behind that. In a simulation one that is never met ends the run as stuck, with its name; on
/// a live machine give the probe a token. One expectation at a time.
/// </summary>
public sealed class Probe : IDisposable
{
    private const int MostShown = 12;

    private readonly object _gate = new();
    private readonly List<MachineEvent> _passed = [];
    private readonly Queue<MachineEvent> _ahead = [];
    private readonly IDisposable _subscription;
    private readonly CancellationTokenRegistration _cancellation;
    private Expectation? _expected;
    private bool _isCancelled;

    /// <summary>Begins to watch.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="cancellation">Fails the expectation that waits, and those that would; none by default.</param>
    public Probe(EvlMachine machine, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _subscription = machine.Events.Subscribe(Happened);
        _cancellation = cancellation.UnsafeRegister(static probe => ((Probe)probe!).Cancel(), this);
    }

    /// <summary>What it waits for, in words, with what has happened since it does; null: it does not wait.</summary>
    internal string? Missing
    {
        get
        {
            lock (_gate)
                return _expected is null ? null : Tell(_expected.What);
        }
    }

    /// <summary>Expects an event.</summary>
    /// <param name="what">What it is, for the message of a failure.</param>
    /// <param name="wanted">Whether an event is it; called in the turn that it happens in, must not call into the machine.</param>
    /// <returns>The first event that is; faults with <see cref="ExpectationFailedException"/> when the probe's token is cancelled.</returns>
    /// <exception cref="InvalidOperationException">The last expectation was not met yet: await it.</exception>
    public Task<MachineEvent> Expect(string what, Func<MachineEvent, bool> wanted)
    {
        ArgumentNullException.ThrowIfNull(what);
        ArgumentNullException.ThrowIfNull(wanted);
        lock (_gate)
        {
            if (_expected is not null)
                throw new InvalidOperationException($"The probe still expects {_expected.What}: await that first.");
            _passed.Clear();
            while (_ahead.TryDequeue(out MachineEvent happened))
            {
                if (wanted(happened))
                    return Task.FromResult(happened);
                _passed.Add(happened);
            }
            if (_isCancelled)
                return Task.FromException<MachineEvent>(new ExpectationFailedException(Tell(what)));
            // Whoever awaits it goes on where its context says, never in the turn of the event.
            _expected = new Expectation(what, wanted, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return _expected.Met.Task;
        }
    }

    /// <summary>Expects something to happen to a thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="kind">What.</param>
    /// <returns>The event.</returns>
    public Task<MachineEvent> Expect(UserThread thread, MachineEventKind kind)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return Expect($"{kind} of {thread.Name}", e => e.Kind == kind && e.Tid == thread.Tid);
    }

    /// <summary>Expects one of Dovetail's hooks.</summary>
    /// <param name="hook">HookInstall, HookReplace or HookUninstall.</param>
    /// <param name="fd">The descriptor.</param>
    /// <returns>The event; its File is the open file that was installed, or that went.</returns>
    public Task<MachineEvent> ExpectHook(MachineEventKind hook, int fd) =>
        Expect($"{hook} of descriptor {fd}", e => e.Kind == hook && e.Fd == fd);

    /// <summary>Expects that a reference to an open file is taken.</summary>
    /// <param name="file">The file, as events number it.</param>
    /// <param name="stage">Which count: in-band (f_count) or out-of-band (the crossing).</param>
    /// <returns>The event; its Count is how many there are then.</returns>
    public Task<MachineEvent> ExpectReferenceTaken(long file, Stage stage) =>
        ExpectReference(file, stage == Stage.Oob ? MachineEventKind.OobReferenceTaken : MachineEventKind.InBandReferenceTaken);

    /// <summary>Expects that a reference to an open file is put.</summary>
    /// <param name="file">The file, as events number it.</param>
    /// <param name="stage">Which count: in-band (f_count) or out-of-band (the crossing).</param>
    /// <returns>The event; its Count is how many are left.</returns>
    public Task<MachineEvent> ExpectReferenceDropped(long file, Stage stage) =>
        ExpectReference(file, stage == Stage.Oob ? MachineEventKind.OobReferencePut : MachineEventKind.InBandReferencePut);

    /// <summary>Expects that a thread falls asleep in a call.</summary>
    /// <param name="thread">The thread.</param>
    /// <returns>The event.</returns>
    public Task<MachineEvent> ExpectAsleep(UserThread thread) => Expect(thread, MachineEventKind.CallAsleep);

    /// <summary>Expects that a thread's sleep ends.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="with">The errno that it ends with; <see cref="Errno.None"/> (default): a wake-up.</param>
    /// <returns>The event; its Result is that of the sleep.</returns>
    public Task<MachineEvent> ExpectAwake(UserThread thread, Errno with = Errno.None)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return Expect(
            $"a wake-up of {thread.Name}{(with == Errno.None ? "" : $" with {with}")}",
            e => e.Kind == MachineEventKind.CallWoken && e.Tid == thread.Tid && e.Result.Errno == with);
    }

    /// <summary>Expects the answer to a call of a thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="nr">Which call.</param>
    /// <returns>The event; its Result is that of the call.</returns>
    public Task<MachineEvent> ExpectAnswer(UserThread thread, SyscallNumber nr)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return Expect(
            $"the answer to {Describe.Name(nr)} of {thread.Name}",
            e => e.Kind == MachineEventKind.CallAnswered && e.Tid == thread.Tid && e.Nr == nr);
    }

    /// <summary>Asserts that something has not happened since the last expectation was met.</summary>
    /// <param name="kind">What.</param>
    /// <param name="thread">To which thread; null (default): to any.</param>
    /// <exception cref="ExpectationFailedException">It has.</exception>
    public void ExpectNone(MachineEventKind kind, UserThread? thread = null)
    {
        lock (_gate)
        {
            if (_ahead.Any(e => e.Kind == kind && (thread is null || e.Tid == thread.Tid)))
                throw new ExpectationFailedException($"{kind}{(thread is null ? "" : $" of {thread.Name}")} was not expected.{Shown(_ahead)}");
        }
    }

    /// <summary>Ends watching; an expectation that waits is never met.</summary>
    public void Dispose()
    {
        _cancellation.Dispose();
        _subscription.Dispose();
    }

    private static string Shown(IEnumerable<MachineEvent> events) =>
        string.Concat(events.TakeLast(MostShown).Select(e => $"\n    {Describe.Of(e)}"));

    private Task<MachineEvent> ExpectReference(long file, MachineEventKind kind) =>
        Expect($"{kind} of file {file}", e => e.Kind == kind && e.File == file);

    private void Happened(MachineEvent happened)
    {
        lock (_gate)
        {
            if (_expected is null)
            {
                _ahead.Enqueue(happened);
            }
            else if (_expected.Wanted(happened))
            {
                _expected.Met.SetResult(happened);
                _expected = null;
            }
            else
            {
                _passed.Add(happened);
            }
        }
    }

    private void Cancel()
    {
        lock (_gate)
        {
            _isCancelled = true;
            _expected?.Met.SetException(new ExpectationFailedException(Tell(_expected.What)));
            _expected = null;
        }
    }

    private string Tell(string what) =>
        _passed.Count == 0 ? $"{what} was expected, and nothing happened." : $"{what} was expected. What happened, at last:{Shown(_passed)}";
}

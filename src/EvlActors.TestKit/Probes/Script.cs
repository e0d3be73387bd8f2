namespace EvlActors.TestKit;

/// <summary>
/// A schedule written in source: when this happens, do that, then expect this. The steps are taken one after the other; what they leave open is
/// up to the seed. Calls that were started are awaited at the end. From <see cref="SimulationScenario.Script"/>; of one run, played once.
/// </summary>
public sealed class Script
{
    private readonly SimulationScenario _scenario;
    private readonly Probe _probe;
    private readonly List<Func<Task>> _steps = [];
    private readonly List<Task> _started = [];
    private readonly Dictionary<UserThread, HeldCall> _held = [];

    internal Script(SimulationScenario scenario)
    {
        _scenario = scenario;
        _probe = scenario.Probe();
    }

    /// <summary>Starts a call and goes on while it is under way.</summary>
    /// <param name="thread">Who makes it.</param>
    /// <param name="call">The call.</param>
    /// <returns>The script.</returns>
    public Script Start(UserThread thread, Func<UserThread, ValueTask<SysResult>> call)
    {
        ArgumentNullException.ThrowIfNull(thread);
        ArgumentNullException.ThrowIfNull(call);
        return Step(() =>
        {
            _started.Add(thread.Process.Run(thread, async t => await call(t).ConfigureAwait(true)));
            return Task.CompletedTask;
        });
    }

    /// <summary>Makes a call and goes on when it is answered, whatever the answer.</summary>
    /// <param name="thread">Who makes it.</param>
    /// <param name="call">The call.</param>
    /// <returns>The script.</returns>
    public Script Do(UserThread thread, Func<UserThread, ValueTask<SysResult>> call)
    {
        ArgumentNullException.ThrowIfNull(thread);
        ArgumentNullException.ThrowIfNull(call);
        return Step(() => thread.Process.Run(thread, async t => await call(t).ConfigureAwait(true)));
    }

    /// <summary>Waits until something has happened to a thread.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="kind">What.</param>
    /// <returns>The script.</returns>
    public Script When(UserThread thread, MachineEventKind kind) => Expect(probe => probe.Expect(thread, kind));

    /// <summary>Waits until a thread sleeps in a call.</summary>
    /// <param name="thread">The thread.</param>
    /// <returns>The script.</returns>
    public Script WhenAsleep(UserThread thread) => Expect(probe => probe.ExpectAsleep(thread));

    /// <summary>Expects something: <c>.Expect(p => p.ExpectAwake(reader))</c>.</summary>
    /// <param name="expectation">What, asked of the script's probe.</param>
    /// <returns>The script.</returns>
    public Script Expect(Func<Probe, Task<MachineEvent>> expectation)
    {
        ArgumentNullException.ThrowIfNull(expectation);
        return Step(() => expectation(_probe));
    }

    /// <summary>Expects one of Dovetail's hooks.</summary>
    /// <param name="hook">HookInstall, HookReplace or HookUninstall.</param>
    /// <param name="fd">The descriptor.</param>
    /// <returns>The script.</returns>
    public Script ExpectHook(MachineEventKind hook, int fd) => Expect(probe => probe.ExpectHook(hook, fd));

    /// <summary>Expects that a thread's sleep ends.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="with">The errno that it ends with; <see cref="Errno.None"/> (default): a wake-up.</param>
    /// <returns>The script.</returns>
    public Script ExpectAwake(UserThread thread, Errno with = Errno.None) => Expect(probe => probe.ExpectAwake(thread, with));

    /// <summary>Expects the answer to a call.</summary>
    /// <param name="thread">Whose call.</param>
    /// <param name="nr">Which.</param>
    /// <param name="result">The answer, a value or an errno.</param>
    /// <returns>The script; fails with <see cref="ExpectationFailedException"/> if the answer is another.</returns>
    public Script ExpectAnswer(UserThread thread, SyscallNumber nr, SysResult result)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return Step(async () =>
        {
            MachineEvent answered = await _probe.ExpectAnswer(thread, nr).ConfigureAwait(true);
            if (answered.Result != result)
                throw new ExpectationFailedException($"{Describe.Name(nr)} of {thread.Name} answered {answered.Result}, not {result}.");
        });
    }

    /// <summary>Holds the next call of a thread that comes to a point, from there until <see cref="LetGo"/>; does not wait for it.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="point">The point; see <see cref="SimulationScenario.Hold"/>.</param>
    /// <returns>The script.</returns>
    public Script Hold(UserThread thread, MachineEventKind point)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return Step(() =>
        {
            _held[thread] = _scenario.Hold(thread, point);
            return Task.CompletedTask;
        });
    }

    /// <summary>Waits until the call of a thread is held.</summary>
    /// <param name="thread">The thread.</param>
    /// <returns>The script.</returns>
    public Script WhenHeld(UserThread thread)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return Step(() => HeldOf(thread).Reached);
    }

    /// <summary>Lets the call of a thread go that is held.</summary>
    /// <param name="thread">The thread.</param>
    /// <returns>The script.</returns>
    public Script LetGo(UserThread thread)
    {
        ArgumentNullException.ThrowIfNull(thread);
        return Step(() =>
        {
            HeldOf(thread).LetGo();
            return Task.CompletedTask;
        });
    }

    /// <summary>Takes the steps, then awaits the calls that were started.</summary>
    /// <returns>Completes when all have ended; faults with what a step threw.</returns>
    public async Task Play()
    {
        foreach (Func<Task> step in _steps)
            await step().ConfigureAwait(true);
        foreach (Task started in _started)
            await started.ConfigureAwait(true);
    }

    private Script Step(Func<Task> step)
    {
        _steps.Add(step);
        return this;
    }

    private HeldCall HeldOf(UserThread thread) =>
        _held.GetValueOrDefault(thread) ?? throw new InvalidOperationException($"No call of {thread.Name} is held: hold it first.");
}

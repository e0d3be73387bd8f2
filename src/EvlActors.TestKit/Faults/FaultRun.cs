using System.Text.RegularExpressions;
using EvlActors.Calls;
using EvlActors.Drivers;
using EvlActors.InBand;

namespace EvlActors.TestKit;

/// <summary>One run of a scenario with at most one fault: what its caller saw of it, and what was left when all processes had ended.</summary>
internal sealed partial class FaultRun
{
    private readonly Func<SimulationScenario, Task> _scenario;
    private readonly SimulationOptions _options;
    private readonly InvariantMonitor _monitor;
    private readonly List<string> _failedAtEnd = [];
    private Task? _completion;
    private MachineEvent? _fault;
    private SysResult? _answer;
    // The descriptors that calls have made, and not closed again.
    private readonly List<(int Tid, long Call, int Fd)> _installed = [];
    private int _lostNumbers;
    private Dictionary<string, int> _left = [];

    internal FaultRun(Func<SimulationScenario, Task> scenario, FailEachOptions options)
    {
        _scenario = scenario;
        _options = options.Simulation with { Schedule = null, EventLog = null };
        Engine = new SimulationEngine(_options);
        _monitor = new InvariantMonitor(Engine);
    }

    internal SimulationEngine Engine { get; }

    internal ulong Seed => Engine.Seed;

    /// <summary>Why the run did not come to its end, or null.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>The errno that the scenario gave up with, or null.</summary>
    internal EvlException? GaveUp { get; private set; }

    /// <summary>What the call that met the fault was answered, or what the scenario gave up with.</summary>
    internal string Seen
    {
        get
        {
            if (_fault is not { Call: not 0 } fault || _answer is not { } answer)
                return GaveUp is null ? "-" : GaveUp.Message;
            string seen = $"{Describe.Of(fault.Nr, fault.Fd)} = {answer}";
            return answer.IsError || GaveUp is null ? seen : $"{seen}, then {GaveUp.Message}";
        }
    }

    internal void Execute(Dictionary<FaultPoint, FaultState> points, Action<FaultMet>? onMet = null)
    {
        try
        {
            Engine.Run(() => Play(points, onMet));
            _monitor.AtEnd();
            if (_completion?.Exception is { } machineFailure)
                Failure = new SimulationFailedException(Seed, machineFailure.InnerException ?? machineFailure);
        }
        catch (Exception e) when (e is SimulationFailedException or SimulationStuckException)
        {
            Failure = e;
        }
    }

    /// <summary>How the run ended, compared with the one that no fault disturbed.</summary>
    internal (FaultVerdict Verdict, string Detail) Judge(FaultRun undisturbed)
    {
        if (Failure is SimulationStuckException stuck)
            return (FaultVerdict.Hang, stuck.Message);
        if (Failure is { } broken)
            return (FaultVerdict.Broken, broken.Message);
        if (_failedAtEnd.Count > 0)
            return (FaultVerdict.Hang, string.Join("; ", _failedAtEnd));
        if (_answer is { IsError: true } && _installed.Exists(IsOfFault))
            return (FaultVerdict.Leak, $"the call failed, but descriptor {_installed.Find(IsOfFault).Fd} that it made is open");
        if (_lostNumbers > undisturbed._lostNumbers)
            return (FaultVerdict.Leak, $"{_lostNumbers - undisturbed._lostNumbers} descriptor numbers are taken that no file has");
        string[] left = [.. _left.Where(kind => kind.Value > undisturbed._left.GetValueOrDefault(kind.Key))
            .Select(kind => $"{kind.Value - undisturbed._left.GetValueOrDefault(kind.Key)} of {kind.Key}")];
        return left.Length > 0 ? (FaultVerdict.Leak, $"left when all processes have ended: {string.Join(", ", left)}") : (FaultVerdict.Fine, "");
    }

    private async Task Play(Dictionary<FaultPoint, FaultState> points, Action<FaultMet>? onMet)
    {
        var machine = new EvlMachine(_options.Machine with { Engine = Engine, Faults = null });
        machine.Context.Injector = new FaultInjector(machine.Context, points) { OnMet = onMet };
        // There in every run, so that it is left in every run.
        _ = machine.Context.LateMessages;
        _completion = machine.Completion;
        _monitor.Watch(machine);
        machine.Events.Subscribe(Happened);
        try
        {
            await _scenario(new SimulationScenario(machine, Engine, _monitor)).ConfigureAwait(true);
        }
        catch (EvlException e)
        {
            GaveUp = e;
        }
        await Engine.Rest().ConfigureAwait(true);
        // A call that sleeps in an open has its number reserved, and rightly.
        if (!Engine.HasCallsInFlight)
            _lostNumbers = Engine.Living.Sum(actor => (actor.Actor as FdTable)?.ReservedCount ?? 0);
        await machine.EndProcessesAsync().ConfigureAwait(true);
        await Engine.Rest().ConfigureAwait(true);
        _left = Left().GroupBy(name => name).ToDictionary(kind => kind.Key, kind => kind.Count());
        await machine.DisposeAsync().ConfigureAwait(true);
    }

    private void Happened(MachineEvent happened)
    {
        switch (happened.Kind)
        {
            case MachineEventKind.FaultInjected:
                _fault = happened;
                break;
            case MachineEventKind.CallAnswered when _fault is { } fault && fault.Tid == happened.Tid && fault.Call == happened.Call:
                _fault = fault with { Fd = happened.Fd };
                _answer ??= happened.Result;
                break;
            case MachineEventKind.HookInstall:
                _installed.Add((happened.Tid, happened.Call, happened.Fd));
                break;
            case MachineEventKind.HookUninstall when _answer is null:
                _installed.RemoveAll(made => made.Fd == happened.Fd && IsOfFault(made));
                break;
            case MachineEventKind.DeviceFailed when happened.Detail?.Contains(DeviceActor.EndOfMachine, StringComparison.Ordinal) == true:
                _failedAtEnd.Add(happened.Detail);
                break;
        }
    }

    private bool IsOfFault((int Tid, long Call, int Fd) made) =>
        _fault is { Call: not 0 } fault && (made.Tid, made.Call) == (fault.Tid, fault.Call);

    private IEnumerable<string> Left()
    {
        foreach (SimulatedActor actor in Engine.Living)
        {
            string name = Number().Replace(actor.Name, "N");
            yield return name;
            if (actor.Actor is not DeviceActor device)
                continue;
            foreach (KernelThread thread in device.Threads)
                yield return $"kernel thread {thread.Name} of {name}";
            foreach (EvlFileReference _ in device.Held)
                yield return $"reference held by {name}";
        }
    }

    // Files and tables are named by number, which differs between runs.
    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}

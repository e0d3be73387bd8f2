namespace EvlActors.TestKit;

/// <summary>One run of a scenario, on a machine and an engine of its own.</summary>
internal sealed class SimulationRun
{
    private readonly Func<SimulationScenario, Task> _scenario;
    private readonly SimulationOptions _options;
    private readonly InvariantMonitor _monitor;
    private Task? _completion;

    /// <param name="scenario">The scenario.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="seed">The seed; null: that of the options.</param>
    internal SimulationRun(Func<SimulationScenario, Task> scenario, SimulationOptions options, ulong? seed = null)
    {
        _scenario = scenario;
        _options = options;
        Engine = new SimulationEngine(options, seed ?? options.Schedule?.Seed ?? options.Seed);
        _monitor = new InvariantMonitor(Engine);
    }

    internal SimulationEngine Engine { get; }

    /// <summary>Tells the run as it goes; null: nobody listens.</summary>
    internal Story? Story { get; init; }

    /// <summary>Runs the scenario to its end, and the machine to its.</summary>
    /// <returns>Why it failed, or null.</returns>
    internal Exception? Execute()
    {
        try
        {
            Engine.Run(Play);
            _monitor.AtEnd();
            if (_completion?.Exception is { } machineFailure)
                return new SimulationFailedException(Engine.Seed, machineFailure.InnerException ?? machineFailure);
            return null;
        }
        catch (Exception e) when (e is SimulationFailedException or SimulationStuckException)
        {
            return e;
        }
    }

    private async Task Play()
    {
        var machine = new EvlMachine(_options.Machine, Engine);
        _completion = machine.Completion;
        _monitor.Watch(machine);
        if (Engine.Log is { } log)
            machine.Events.Subscribe(happened => log.Happened(happened));
        Story?.Listen(machine, Engine);
        await _scenario(new SimulationScenario(machine, Engine, _monitor)).ConfigureAwait(true);
        // A failed scenario leaves the machine where it is: its end would tell of nothing but the failure.
        await machine.DisposeAsync().ConfigureAwait(true);
    }
}

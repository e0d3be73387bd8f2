using EvlActors.Engine;

namespace EvlActors.Benchmarks;

/// <summary>Runs a body on a thread of a fresh machine.</summary>
internal static class Bench
{
    private const int FifoPriority = 80;
    private const int MaxFiles = 1_048_576;

    /// <summary>Whether the host grants SCHED_FIFO.</summary>
    public static async Task<bool> IsFifoGranted()
    {
        await using var engine = new PriorityEngine();
        return engine.RealTimeGranted;
    }

    /// <summary>By an EVL thread under SCHED_FIFO.</summary>
    public static Task OnFifo(Action<UserThread> body, Action<EvlMachine>? prepare = null) =>
        Run(process => process.CreateThread(SchedPolicy.Fifo, FifoPriority, "fifo"), body, prepare);

    /// <summary>By an ordinary thread, which is attached too: its oob calls are those of a weak thread.</summary>
    public static Task OnOrdinary(Action<UserThread> body, Action<EvlMachine>? prepare = null) =>
        Run(process => process.CreateThread(name: "ordinary"), body, prepare);

    /// <summary>By an ordinary thread on one CPU, the worker of the oob lane being on another.</summary>
    /// <param name="workerCpu">The worker's.</param>
    /// <param name="cpu">The thread's.</param>
    /// <param name="body">What it does.</param>
    public static Task OnOrdinary(int workerCpu, int cpu, Action<UserThread> body) =>
        Run(process => process.CreateThread(name: "ordinary"), body, null, new PriorityEngineOptions { OobWorkerCpu = workerCpu }, cpu);

    private static async Task Run(
        Func<EvlProcess, UserThread> create, Action<UserThread> body, Action<EvlMachine>? prepare, PriorityEngineOptions? options = null, int? cpu = null)
    {
        await using var engine = new PriorityEngine(options ?? new PriorityEngineOptions());
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = engine });
        prepare?.Invoke(machine);
        EvlProcess process = machine.CreateProcess(new EvlProcessOptions { MaxFiles = MaxFiles });
        await process.StartThread(create(process), thread =>
        {
            thread.Attach().OrThrow();
            body(thread);
        }, cpu);
    }
}

using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace EvlActors.Benchmarks;

/// <summary>What a fault point costs a machine that injects nothing, and one that injects at another point.</summary>
internal static class FaultBenchmark
{
    private const int Rounds = 1_000;
    private const int Points = 100_000;

    private static int s_sum;

    public static async Task Run(TextWriter output)
    {
        await using IActorEngine engine = new PriorityEngine();
        var disabled = new MachineContext(engine, NullLogger.Instance);
        var other = new MachineContext(engine, NullLogger.Instance);
        other.Injector = new FaultInjector(other, new Dictionary<FaultPoint, FaultState> { [FaultPoint.Handler] = new(new FaultAttributes()) });
        double[] medians = Measure.Medians(9, Rounds / 100, () => Loop(null), () => Loop(disabled), () => Loop(other));
        output.WriteLine($"empty loop {medians[0] / Points:F2} ns  disabled point {medians[1] / Points:F2} ns  another point is configured {medians[2] / Points:F2} ns");
    }

    private static void Loop(MachineContext? context)
    {
        int failed = 0;
        if (context is null)
        {
            for (int i = 0; i < Points; i++)
                failed += i & 1;
        }
        else
        {
            for (int i = 0; i < Points; i++)
                failed += (i & 1) + (context.ShouldFail(FaultPoint.UserCopy, null, "benchmark") ? 1 : 0);
        }
        s_sum += failed;
    }
}

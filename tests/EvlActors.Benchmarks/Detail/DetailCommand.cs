using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace EvlActors.Benchmarks.Detail;

/// <summary>
/// Single calls, by BenchmarkDotNet: mean, deviation and bytes allocated of each. In this process, so that nothing is built and the
/// thread that measures can be a real-time one.
/// </summary>
internal static class DetailCommand
{
    /// <summary>Runs what BenchmarkDotNet's own arguments choose, such as <c>--filter *Oob*</c>; all by default.</summary>
    public static void Run(string[] arguments)
    {
        IConfig config = DefaultConfig.Instance
            .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .WithArtifactsPath(Path.Combine(Path.GetTempPath(), "EvlActors.Benchmarks"));
        string[] chosen = arguments.Length > 0 ? arguments : ["--filter", "*"];
        BenchmarkSwitcher.FromTypes([typeof(OobCalls), typeof(InBandCalls)]).Run(chosen, config);
    }
}

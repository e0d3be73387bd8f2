using EvlActors.Benchmarks;
using EvlActors.Benchmarks.Detail;
using EvlActors.Benchmarks.Isolation;
using EvlActors.Benchmarks.Ratios;

var benchmarks = new Dictionary<string, Func<TextWriter, Task>>
{
    ["transfer"] = TransferBenchmark.Run,
    ["files"] = FilesBenchmark.Run,
    ["epoll"] = PollBenchmark.RunEpoll,
    ["poll"] = PollBenchmark.RunPoll,
    ["isolation"] = IsolationCommand.Run,
    ["explore"] = ExploreBenchmark.Run,
    ["faults"] = FaultBenchmark.Run,
    ["engine"] = EngineBenchmark.Run,
};
if (args is ["ratios", .. string[] rows])
    return await RatiosCommand.Run(rows, Console.Out);
if (args is ["detail", .. string[] arguments])
{
    DetailCommand.Run(arguments);
    return 0;
}
string[] chosen = args.Length > 0 ? args : [.. benchmarks.Keys];
foreach (string name in chosen)
{
    if (!benchmarks.TryGetValue(name, out Func<TextWriter, Task>? run))
    {
        Console.Error.WriteLine($"There is no benchmark '{name}'; there are: ratios [row...], detail [--filter ...], {string.Join(", ", benchmarks.Keys)}.");
        return 1;
    }
    await run(Console.Out);
}
return 0;

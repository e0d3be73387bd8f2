using EvlActors.Benchmarks;

var benchmarks = new Dictionary<string, Func<TextWriter, Task>>
{
    ["transfer"] = TransferBenchmark.Run,
    ["files"] = FilesBenchmark.Run,
    ["epoll"] = PollBenchmark.RunEpoll,
    ["poll"] = PollBenchmark.RunPoll,
    ["explore"] = ExploreBenchmark.Run,
    ["faults"] = FaultBenchmark.Run,
};
string[] chosen = args.Length > 0 ? args : [.. benchmarks.Keys];
foreach (string name in chosen)
{
    if (!benchmarks.TryGetValue(name, out Func<TextWriter, Task>? run))
    {
        Console.Error.WriteLine($"There is no benchmark '{name}'; there are: {string.Join(", ", benchmarks.Keys)}.");
        return 1;
    }
    await run(Console.Out);
}
return 0;

using System.Diagnostics;
using EvlActors.Drivers;
using EvlActors.TestKit;

namespace EvlActors.Benchmarks;

/// <summary>Schedules a second: a machine is made, close and dup2 race with oob_read and poll, the machine ends; log off.</summary>
internal static class ExploreBenchmark
{
    private const int Samples = 5;
    private const int Seeds = 40_000;

    public static Task Run(TextWriter output)
    {
        SimulationResult one = Simulation.Run(Race, 1);
        output.WriteLine($"explore: the scenario takes {one.Turns} messages; {Environment.ProcessorCount} CPUs");
        foreach (SimulationStrategy strategy in Enum.GetValues<SimulationStrategy>())
        {
            var options = new ExplorationOptions { Simulation = new SimulationOptions { Strategy = strategy } };
            Explore(options);
            TimeSpan used = Environment.CpuUsage.TotalTime;
            double[] rates = [.. Enumerable.Range(0, Samples).Select(_ => Explore(options)).Order()];
            double eachUs = (Environment.CpuUsage.TotalTime - used).TotalMicroseconds / ((double)Samples * Seeds);
            output.WriteLine(
                $"explore, {strategy}: {rates[Samples / 2]:N0} schedules/s (median of {Samples}; best {rates[^1]:N0}), each {eachUs:F1} us of CPU time");
        }
        Profile(output, "an empty machine, made and ended", _ => Task.CompletedTask);
        Profile(output, "the scenario", Race);
        return output.FlushAsync();
    }

    private static double Explore(ExplorationOptions options)
    {
        ExplorationResult result = Exploration.Explore(Race, Seeds, options);
        result.ThrowIfFailed();
        return result.Schedules / result.Elapsed.TotalSeconds;
    }

    // On one thread.
    private static void Profile(TextWriter output, string what, Func<SimulationScenario, Task> scenario)
    {
        const int Rounds = 20_000;
        long turns = 0;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long start = Stopwatch.GetTimestamp();
        for (ulong seed = 1; seed <= Rounds; seed++)
            turns += Simulation.Run(scenario, seed).Turns;
        double us = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Rounds;
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        output.WriteLine($"explore, one thread, {what}: {us:F1} us, {turns / Rounds} messages, {bytes / Rounds} B");
    }

    private static async Task Race(SimulationScenario s)
    {
        s.Machine.AddDevice("/dev/line", static () => new Line());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread closer = app.CreateThread(SchedPolicy.Other, 0, "closer");
        await reader.AttachAsync().OrThrow();
        UserThread poller = app.CreateThread(SchedPolicy.Other, 0, "poller");
        int fd = await closer.OpenAsync("/dev/line").OrThrow();
        Task read = app.Run(reader, async t =>
        {
            while ((await t.OobReadAsync(fd, new byte[1])).IsSuccess)
            {
            }
        });
        Task close = app.Run(closer, async t =>
        {
            await t.WriteAsync(fd, new byte[1]);
            int copy = await t.DupAsync(fd).OrThrow();
            await t.Dup2Async(0, fd);
            await t.WriteAsync(copy, new byte[1]);
            await t.WriteAsync(copy, new byte[1]);
            await t.CloseAsync(copy);
        });
        Task poll = app.Run(poller, async t =>
        {
            PollFd[] fds = [new PollFd(fd, PollEvents.In)];
            for (int i = 0; i < 7; i++)
                await t.PollAsync(fds, 1);
        });
        await read;
        await close;
        await poll;
    }

    private sealed class Line : CharDevice
    {
        private readonly WaitQueue _readers = new();
        private readonly WaitQueueHead _pollers = new();
        private int _bytes;

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask OobRead(IoCall call)
        {
            while (_bytes == 0)
            {
                if (await _readers.Wait(call) is { IsError: true } interrupted)
                    return interrupted;
            }
            _bytes--;
            return 1;
        }

        protected internal override IoTask Write(IoCall call)
        {
            _bytes++;
            _readers.WakeAll();
            _pollers.WakeUpInterruptible(PollEvents.In);
            return SysResult.Ok(1);
        }

        protected internal override PollEvents Poll(PollTable table)
        {
            table.PollWait(_pollers);
            return _bytes > 0 ? PollEvents.In : PollEvents.None;
        }

        protected internal override async IoTask Release(IoCall call)
        {
            _readers.Flush();
            await call.File.ReleaseOob();
            return 0;
        }
    }
}

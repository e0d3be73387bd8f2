using EvlActors.Engine;
using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class RecordingTests
{
    private const int Rounds = 10;

    [Fact]
    public async Task FindSchedule_OfALiveRun_RepeatsItsOrder()
    {
        for (int round = 0; round < Rounds; round++)
        {
            await using var machine = new EvlMachine(new EvlMachineOptions { Engine = new PriorityEngine() });
            var recording = new Recording(machine);
            await Race(machine);
            recording.Stop();
            RecordedRun run = recording.FindSchedule(s => Race(s.Machine));
            string recorded = string.Join('\n', recording.Events);
            Assert.True(run.IsWhole, $"{run.Repeated} of {run.Recorded}: {run.Difference}\n{recorded}");
            Assert.True(run.Failure is null, $"{run.Failure}\n{recorded}");
        }
    }

    [Fact]
    public void FindSchedule_OfASimulatedRun_ItsReplayHasTheSameOrder()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            IReadOnlyList<MachineEvent> recorded = [];
            RecordedRun? run = null;
            Simulation.Run(
                async s =>
                {
                    var recording = new Recording(s.Machine);
                    await Race(s.Machine);
                    recording.Stop();
                    recorded = recording.Events;
                    run = recording.FindSchedule(again => Race(again.Machine));
                },
                seed);
            Assert.True(run!.IsWhole, $"seed {seed}: {run.Repeated} of {run.Recorded}: {run.Difference}");
            var order = new RecordedOrder([.. recorded.Where(RecordedOrder.Counts)]);
            Simulation.Replay(
                s =>
                {
                    s.Machine.Events.Subscribe(e => order.Follows(e));
                    return Race(s.Machine);
                },
                run.Schedule.ToString());
            Assert.Null(order.Difference);
            Assert.Equal(run.Recorded, order.Followed);
        }
    }

    [Fact]
    public void FindSchedule_AnotherScenario_SaysWhereItDeparts() => Simulation.Run(async s =>
    {
        var recording = new Recording(s.Machine);
        UserThread thread = s.Machine.CreateProcess().CreateThread();
        await thread.DupAsync(0).OrThrow();
        recording.Stop();
        RecordedRun run = recording.FindSchedule(async again => await again.Machine.CreateProcess().CreateThread().GetpidAsync(), seeds: 5);
        Assert.False(run.IsWhole);
        Assert.Contains("getpid", run.Difference, StringComparison.Ordinal);
        Assert.Contains("dup(0)", run.Difference, StringComparison.Ordinal);
    });

    // No call of it has a timeout: what hangs on a clock is not repeated.
    private static async Task Race(EvlMachine machine)
    {
        (UserThread reader, UserThread writer, int fd) = await Line.Open(machine);
        UserThread closer = writer.Process.CreateThread(name: "closer");
        int copy = await closer.DupAsync(fd).OrThrow();
        Task reading = reader.Process.Run(reader, async t =>
        {
            while ((await t.OobReadAsync(fd, new byte[1])).IsSuccess)
            {
            }
        });
        Task writing = writer.Process.Run(writer, async t =>
        {
            await t.OobWriteAsync(copy, new byte[1]);
            await t.OobWriteAsync(fd, new byte[1]);
            await t.CloseAsync(copy);
        });
        Task closing = writer.Process.Run(closer, async t => await t.Dup2Async(0, fd).OrThrow());
        await reading;
        await writing;
        await closing;
    }
}

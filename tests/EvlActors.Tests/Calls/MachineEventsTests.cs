using Xunit;

namespace EvlActors.Tests.Calls;

/// <summary>Who listens to what.</summary>
public sealed class MachineEventsTests
{
    [Fact]
    public async Task Subscribe_SomeKinds_HearsTheseAlone()
    {
        await using var machine = new EvlMachine();
        UserThread t = machine.CreateProcess().CreateThread();
        var heard = new List<MachineEventKind>();
        using (machine.Events.Subscribe(happened => heard.Add(happened.Kind), MachineEventKind.CallAnswered, MachineEventKind.HookUninstall))
            await t.CloseAsync(0).OrThrow();
        await t.CloseAsync(1).OrThrow();
        Assert.Equal([MachineEventKind.HookUninstall, MachineEventKind.CallAnswered], heard);
    }

    [Fact]
    public async Task CallAnswered_ItsCount_IsHowLongItTook()
    {
        await using var machine = new EvlMachine();
        UserThread t = machine.CreateProcess().CreateThread();
        var tookNs = new List<long>();
        using (machine.Events.Subscribe(happened => tookNs.Add(happened.Count), MachineEventKind.CallAnswered))
            await t.PollAsync(UserArray<PollFd>.Null, 3);
        Assert.InRange(Assert.Single(tookNs), 3_000_000, long.MaxValue);
    }

    [Fact]
    public async Task Listener_Throws_IsRemovedAndTheOthersHearOn()
    {
        await using var machine = new EvlMachine();
        UserThread t = machine.CreateProcess().CreateThread();
        int heard = 0;
        machine.Events.Subscribe(_ => throw new InvalidOperationException("planted"), MachineEventKind.CallAnswered);
        machine.Events.Subscribe(_ => heard++, MachineEventKind.CallAnswered);
        await t.CloseAsync(0).OrThrow();
        await t.CloseAsync(1).OrThrow();
        Assert.Equal(2, heard);
    }

    [Fact]
    public async Task Subscribe_WhileOthersComeAndGo_IsWantedFromThenOn()
    {
        await using var machine = new EvlMachine();
        MachineEvents events = machine.Events;
        MachineEventKind[] kinds = [MachineEventKind.CallAnswered, MachineEventKind.HookInstall];
        int missed = 0;
        Thread[] threads = [.. kinds.Select(kind => new Thread(() =>
        {
            for (int i = 0; i < 100_000; i++)
            {
                using (events.Subscribe(static _ => { }, kind))
                {
                    if (!events.Wants(kind))
                        Interlocked.Increment(ref missed);
                }
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(0, missed);
        Assert.All(kinds, kind => Assert.False(events.Wants(kind)));
    }
}

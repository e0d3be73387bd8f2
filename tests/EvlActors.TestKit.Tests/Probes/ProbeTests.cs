using EvlActors.Behaviour;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class ProbeTests
{
    [Fact]
    public void Expect_WhatHappens_MetInOrder() => Simulation.Run(async s =>
    {
        Probe probe = s.Probe();
        (UserThread reader, UserThread writer, int fd) = await Line.Open(s);
        MachineEvent made = await probe.ExpectHook(MachineEventKind.HookInstall, fd);
        Task reading = Line.Read(reader, fd);
        await probe.ExpectReferenceTaken(made.File, Stage.Oob);
        await probe.ExpectAsleep(reader);
        probe.ExpectNone(MachineEventKind.CallWoken);
        await writer.OobWriteAsync(fd, new byte[1]).OrThrow();
        await probe.ExpectAwake(reader);
        MachineEvent put = await probe.ExpectReferenceDropped(made.File, Stage.Oob);
        Assert.True(put.Count >= 1);
        MachineEvent answer = await probe.ExpectAnswer(reader, SyscallNumber.OobRead);
        Assert.Equal(1, answer.Result.Value);
        await reading;
    });

    [Fact]
    public void Expect_NeverHappens_StuckWithItsNameAndWhatHappened()
    {
        SimulationStuckException stuck = Assert.Throws<SimulationStuckException>(() => Simulation.Run(
            async s =>
            {
                (UserThread reader, UserThread _, int fd) = await Line.Open(s);
                Probe probe = s.Probe();
                _ = Line.Read(reader, fd);
                await probe.ExpectAwake(reader, Errno.EIDRM);
            },
            new SimulationOptions { ForeignGrace = TimeSpan.Zero }));
        Assert.Contains("a wake-up of reader with EIDRM was expected", stuck.Message, StringComparison.Ordinal);
        Assert.Contains("CallAsleep of oob_read()", stuck.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExpectNone_ItHas_Throws() => Simulation.Run(async s =>
    {
        Probe probe = s.Probe();
        UserThread thread = s.Machine.CreateProcess().CreateThread(name: "worker");
        await thread.GetpidAsync();
        probe.ExpectNone(MachineEventKind.CallAsleep);
        ExpectationFailedException thrown = Assert.Throws<ExpectationFailedException>(() => probe.ExpectNone(MachineEventKind.CallEntered, thread));
        Assert.Contains("CallEntered of worker was not expected", thrown.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Expect_TheLastIsNotMet_Throws() => Simulation.Run(async s =>
    {
        Probe probe = s.Probe();
        UserThread thread = s.Machine.CreateProcess().CreateThread();
        Task<MachineEvent> first = probe.Expect(thread, MachineEventKind.CallAnswered);
        await Assert.ThrowsAsync<InvalidOperationException>(() => probe.Expect(thread, MachineEventKind.CallAnswered));
        await thread.GetpidAsync();
        await first;
    });

    [Fact]
    public async Task Expect_OnALiveMachine_MetOrCancelled()
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = new PriorityEngine() });
        using var end = new CancellationTokenSource();
        using var probe = new Probe(machine, end.Token);
        UserThread thread = machine.CreateProcess().CreateThread(name: "live");
        await thread.GetpidAsync();
        await probe.ExpectAnswer(thread, SyscallNumber.Getpid);
        Task<MachineEvent> never = probe.ExpectAsleep(thread);
        await end.CancelAsync();
        ExpectationFailedException failed = await Assert.ThrowsAsync<ExpectationFailedException>(() => never);
        Assert.Contains("CallAsleep of live was expected", failed.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ExpectationFailedException>(() => probe.ExpectAsleep(thread));
    }
}

using EvlActors.Engine;
using EvlActors.Tests.Engine;
using Xunit;

namespace EvlActors.Tests.Machine;

/// <summary>A thread makes its next call between the answer of the last one and the moment when that is taken: two OS threads use it.</summary>
public sealed class LateTakeTests
{
    [Fact]
    public async Task Block_NextCallIsMadeFirst_ThrowsAndHarmsNothing()
    {
        var engine = new GatedEngine(new PriorityEngine());
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = engine });
        EvlProcess process = machine.CreateProcess();
        UserThread shared = process.CreateThread();
        UserThread other = process.CreateThread();
        int[] pipe = new int[2];
        await other.PipeAsync(pipe).OrThrow();
        byte[] byteRead = new byte[1];
        ValueTask<SysResult> next = default;
        engine.Entered = () =>
        {
            engine.Entered = static () => { };
            next = shared.ReadAsync(pipe[0], byteRead);
        };

        Assert.Throws<InvalidOperationException>(() => shared.Dup(pipe[0]));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await shared.DupAsync(pipe[0]));
        await other.WriteAsync(pipe[1], new byte[] { 42 }).OrThrow();
        Assert.Equal(1, (await next).Value);
        Assert.Equal(42, byteRead[0]);
    }

    [Fact]
    public async Task Submit_NextCallIsAnsweredFirst_ThrowsAndHarmsNothing()
    {
        var engine = new GatedEngine(new PriorityEngine());
        await using var machine = new EvlMachine(new EvlMachineOptions { Engine = engine });
        UserThread thread = machine.CreateProcess().CreateThread();
        int[] pipe = new int[2];
        await thread.PipeAsync(pipe).OrThrow();
        ValueTask<SysResult> next = default;
        engine.Entered = () =>
        {
            engine.Entered = static () => { };
            next = thread.WriteAsync(pipe[1], new byte[7]);
        };

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await thread.DupAsync(pipe[0]));

        Assert.Equal(7, (await next).Value);
    }
}

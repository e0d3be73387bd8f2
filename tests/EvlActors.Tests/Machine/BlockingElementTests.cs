using Xunit;

namespace EvlActors.Tests.Machine;

/// <summary>Elements and poll sets by the blocking calls, as a program on a thread of its own makes them.</summary>
public sealed class BlockingElementTests
{
    [Fact]
    public async Task Calls_OnPollSetSemaphoreAndFlags_AsTheAsynchronousOnes()
    {
        await using var machine = new EvlMachine();
        UserThread thread = machine.CreateProcess().CreateThread(SchedPolicy.Fifo, 50);
        Assert.True(thread.Attach().IsSuccess);
        int sem = thread.CreateSem("/counts", value: 1).OrThrow();
        int flags = thread.CreateFlags(null, 0b100, OpenFlags.NonBlock).OrThrow();
        Assert.Equal(Errno.EEXIST, thread.CreateSem("counts").Errno);
        Assert.Equal(Errno.EEXIST, thread.CreateFlags("counts").Errno);
        int set = thread.NewPoll(OpenFlags.NonBlock).OrThrow();
        var found = new EvlPollEvent[2];
        Assert.Equal(SysResult.Ok(), thread.AddPollfd(set, sem, PollEvents.In, 1));
        Assert.Equal(SysResult.Ok(), thread.AddPollfd(set, flags, PollEvents.In, 2));
        Assert.Equal(2, thread.EvlTimedPoll(set, found, dateNs: 1).Value);
        Assert.Equal([new EvlPollEvent(flags, PollEvents.In, 2), new EvlPollEvent(sem, PollEvents.In, 1)], found);
        Assert.Equal(SysResult.Ok(), thread.DelPollfd(set, flags));
        Assert.Equal(SysResult.Ok(), thread.ModPollfd(set, sem, PollEvents.In, 3));
        Assert.Equal(1, thread.EvlPoll(set, found).Value);
        Assert.Equal(new EvlPollEvent(sem, PollEvents.In, 3), found[0]);
        Assert.Equal(SysResult.Ok(), thread.GetSem(sem));
        Assert.Equal(Errno.EAGAIN, thread.EvlPoll(set, found).Errno);
        Assert.Equal(0b100, thread.WaitFlags(flags).Value);
        Assert.Equal(Errno.EAGAIN, thread.WaitFlags(flags).Errno);
        Assert.Equal(SysResult.Ok(), thread.Fcntl(set, FcntlCommand.SetFl, 0));
        Assert.Equal(Errno.ETIMEDOUT, thread.EvlTimedPoll(set, found, dateNs: 1).Errno);
        Assert.Equal(Errno.ETIMEDOUT, thread.TimedGetSem(sem, dateNs: 1).Errno);
    }
}

using System.Collections.Concurrent;
using EvlActors.Calls;
using Xunit;

namespace EvlActors.Tests.Calls;

/// <summary>A call lends its notice to each of its sleeps; a second is made only while the first is on its way.</summary>
public sealed class SleepNoticeTests
{
    [Fact]
    public async Task NoticeOf_ReturnedWhileTheNextSleepBegins_IsLentAgain()
    {
        const int Sleeps = 2_000_000;
        var call = new Call(new ThreadInfo(1, null!, "thread", SchedPolicy.Other, 0)); // of no process: nothing here asks for it
        var sleeper = new object();
        var onTheWay = new ConcurrentQueue<SleepNotice>();
        // The actor of the thread gives each back; the device makes the next meanwhile.
        Task threadsActor = Task.Run(() =>
        {
            for (int i = 0; i < Sleeps; i++)
            {
                SleepNotice? notice;
                while (!onTheWay.TryDequeue(out notice))
                    Thread.SpinWait(1);
                call.Return(notice);
            }
        });
        for (int i = 0; i < Sleeps; i++)
            onTheWay.Enqueue(call.NoticeOf(null!, sleeper, isInterruptible: true)); // it is sent nowhere
        await threadsActor;
        SleepNotice first = call.NoticeOf(null!, sleeper, isInterruptible: true);
        call.Return(first);
        Assert.Same(first, call.NoticeOf(null!, sleeper, isInterruptible: true));
    }
}

using System.Diagnostics;
using Xunit;

namespace EvlActors.Tests.Machine;

/// <summary>The spans of calls.</summary>
public sealed class SyscallActivityTests
{
    [Fact]
    public async Task Call_ListenedTo_HasASpanInItsCallersTrace()
    {
        using var own = new ActivitySource(nameof(SyscallActivityTests));
        await using var machine = new EvlMachine();
        machine.AddFile("/etc/motd", "hello");
        UserThread t = machine.CreateProcess().CreateThread(name: "reader");
        await t.OpenAsync("/etc/motd", OpenFlags.ReadOnly).OrThrow();
        var ended = new List<Activity>();
        ActivityTraceId trace = default;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is EvlMachine.ActivitySourceName or nameof(SyscallActivityTests),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                // Other tests make calls meanwhile.
                lock (ended)
                {
                    if (activity.TraceId == trace && activity.Source.Name == EvlMachine.ActivitySourceName)
                        ended.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using (Activity caller = own.StartActivity("caller")!) // it is listened to
        {
            trace = caller.TraceId;
            Assert.Equal(5, await t.ReadAsync(3, new byte[5]).OrThrow());
            Assert.Same(caller, Activity.Current);
            Assert.Equal(Errno.EBADF, t.Read(99, new byte[5]).Errno);
            Assert.Same(caller, Activity.Current);
            Assert.All(ended, span => Assert.Equal(caller.SpanId, span.ParentSpanId));
        }
        Assert.Equal(["evl.Read", "evl.Read"], ended.Select(span => span.OperationName));
        Assert.Equal((3, "reader", 5L), (ended[0].GetTagItem("evl.fd"), ended[0].GetTagItem("evl.thread"), ended[0].GetTagItem("evl.result")));
        Assert.Equal((ActivityStatusCode.Error, "EBADF"), (ended[1].Status, ended[1].GetTagItem("error.type")));
    }

    [Fact]
    public async Task Call_NobodyListens_HasNone()
    {
        await using var machine = new EvlMachine();
        UserThread t = machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(99)).Errno);
        Assert.Null(Activity.Current);
    }
}

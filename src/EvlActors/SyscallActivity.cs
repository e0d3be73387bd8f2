using System.Diagnostics;
using System.Runtime.CompilerServices;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// A span for each call of a user thread, in the context of whoever makes it; only while somebody listens to the source. Begun
/// and ended by the caller, on no lane; its times are the machine's.
/// </summary>
internal static class SyscallActivity
{
    private static readonly ActivitySource s_source = new(EvlMachine.ActivitySourceName);

    internal static bool IsListenedTo => s_source.HasListeners();

    // An async method of its own, so that the span is the current one for this call alone.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<SysResult> Follow(
        IActorEngine engine, ThreadInfo thread, SyscallNumber nr, int fd, Func<ValueTask<SysResult>> submit)
    {
        using Activity? span = Begin(engine, thread, nr, fd);
        SysResult result = await submit().ConfigureAwait(true);
        End(engine, span, result);
        return result;
    }

    internal static SysResult Follow(IActorEngine engine, ThreadInfo thread, SyscallNumber nr, int fd, Func<SysResult> block)
    {
        using Activity? span = Begin(engine, thread, nr, fd);
        SysResult result = block();
        End(engine, span, result);
        return result;
    }

    private static Activity? Begin(IActorEngine engine, ThreadInfo thread, SyscallNumber nr, int fd)
    {
        Activity? span = s_source.StartActivity($"evl.{nr}", ActivityKind.Internal, parentContext: default, startTime: engine.UtcNow);
        span?.SetTag("evl.pid", thread.Process.Pid).SetTag("evl.tid", thread.Tid).SetTag("evl.thread", thread.Name);
        if (fd >= 0)
            span?.SetTag("evl.fd", fd);
        return span;
    }

    private static void End(IActorEngine engine, Activity? span, SysResult result)
    {
        if (span is null)
            return;
        if (result.IsError)
            span.SetTag("error.type", result.Errno.ToString()).SetStatus(ActivityStatusCode.Error);
        else
            span.SetTag("evl.result", result.Value);
        span.SetEndTime(engine.UtcNow.UtcDateTime);
    }
}

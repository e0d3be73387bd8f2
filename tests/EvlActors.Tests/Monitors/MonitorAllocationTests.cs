using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Monitors;

/// <summary>Calls on semaphores and flags that are there allocate nothing.</summary>
public sealed class MonitorAllocationTests
{
    private const int Calls = 200;

    public static TheoryData<string> Kinds => ["get-put", "try", "timeout", "wait-post", "exact-broadcast", "peek", "in-band"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Call_OnExistingElements_NoAllocation(string kind)
    {
        await using var machine = new EvlMachine(new EvlMachineOptions { PriorityEngine = new PriorityEngineOptions { RealTime = false } });
        EvlProcess app = machine.CreateProcess();
        UserThread maker = app.CreateThread();
        await maker.InitAsync().OrThrow();
        int sem = await maker.NewSemAsync().OrThrow();
        int flags = await maker.NewFlagsAsync().OrThrow();
        UserThread thread = app.CreateThread(SchedPolicy.Fifo, 50);
        long bytes = -1;
        await app.StartThread(thread, t =>
        {
            if (kind != "in-band")
                t.Attach().OrThrow();
            for (int i = 0; i < Calls; i++)
                Make(t, kind, sem, flags);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
                Make(t, kind, sem, flags);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, bytes);
    }

    private static void Make(UserThread t, string kind, int sem, int flags)
    {
        switch (kind)
        {
            case "get-put":
                Expect(0, t.PutSem(sem));
                Expect(0, t.GetSem(sem));
                break;
            case "try":
                Expect(Errno.EAGAIN, t.TryGetSem(sem));
                Expect(0, t.FlushSem(sem));
                break;
            case "timeout":
                Expect(Errno.ETIMEDOUT, t.TimedGetSem(sem, 1));
                Expect(Errno.ETIMEDOUT, t.TimedWaitExactFlags(flags, 3, 1));
                break;
            case "wait-post":
                Expect(0, t.PostFlags(flags, 5));
                Expect(4, t.WaitSomeFlags(flags, 4));
                Expect(1, t.WaitFlags(flags));
                break;
            case "exact-broadcast":
                Expect(0, t.BroadcastFlags(flags, 3));
                Expect(3, t.WaitExactFlags(flags, 3));
                break;
            case "peek":
                Expect(0, t.PeekSem(sem));
                Expect(0, t.PeekFlags(flags));
                break;
            default:
                Expect(0, t.PutSem(sem));
                Expect(0, t.TryGetSem(sem));
                Expect(0, t.PostFlags(flags, 1));
                Expect(1, t.TryWaitFlags(flags));
                break;
        }
    }

    private static void Expect(SysResult expected, SysResult result)
    {
        if (result != expected)
            throw new InvalidOperationException($"{result} instead of {expected}");
    }
}

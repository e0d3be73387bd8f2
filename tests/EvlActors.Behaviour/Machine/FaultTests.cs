using System.Collections.Concurrent;
using EvlActors.Drivers;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EvlActors.Behaviour.Machine;

/// <summary>Injected faults: each gives exactly what its errno means, and leaves nothing behind.</summary>
public abstract class FaultTests(EngineUnderTest engine) : MachineTests(engine)
{
    private static readonly FaultAttributes s_once = new() { Probability = 100, Verbose = 0 };
    private static readonly FaultPoint s_own = new("lamp_burns_out");

    [Fact]
    public Task Copy_UserCopyFails_EfaultOnceAndAnEvent() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        s.Machine.AddFile("/etc/hosts", "localhost");
        int fd = await t.OpenAsync("/etc/hosts").OrThrow();
        s.Machine.Faults.Set(FaultPoint.UserCopy, s_once);
        byte[] bytes = new byte[5];
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, bytes)).Errno);
        Assert.Equal(0, bytes[0]);
        Assert.Equal(5, (await t.ReadAsync(fd, bytes)).Value);
        Assert.Equal("local"u8.ToArray(), bytes);
        MachineEvent fault = Assert.Single(s.Of(MachineEventKind.FaultInjected));
        Assert.Equal((t.Tid, 1), (fault.Tid, fault.Count));
        Assert.Equal("fail_usercopy 1: copy_to_user in Read of /etc/hosts", fault.Detail);
        Assert.Equal((2, 1), (s.Machine.Faults.Met(FaultPoint.UserCopy), s.Machine.Faults.Injected(FaultPoint.UserCopy)));
    });

    [Fact]
    public Task OutOfBandCopy_UserCopyFails_EfaultAndTheSlotIsConsumed() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = await s.OobThread(app);
        UserThread t = app.CreateThread();
        int fd = await t.CreateXbufAsync("box", 0, 4).OrThrow();
        await t.WriteAsync(fd, new byte[] { 1, 2, 3, 4 }).OrThrow();
        s.Machine.Faults.Set(FaultPoint.UserCopy, s_once);
        Assert.Equal(Errno.EFAULT, (await oob.OobReadAsync(fd, new byte[2])).Errno);
        byte[] rest = new byte[2];
        Assert.Equal(2, (await oob.OobReadAsync(fd, rest)).Value);
        Assert.Equal([3, 4], rest);
    });

    [Fact]
    public Task CreateXbuf_AllocationFails_EnomemAndNothingIsLeft() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        await t.InitAsync().OrThrow();
        s.Machine.Faults.Set(FaultPoint.Allocation, s_once with { Times = 3 });
        for (int i = 0; i < 3; i++)
            Assert.Equal(Errno.ENOMEM, (await t.CreateXbufAsync("/box", 8, 8)).Errno);
        // The name, the minor and the descriptor are free.
        Assert.Equal(3, (await t.CreateXbufAsync("/box", 8, 8)).Value);
    });

    [Theory]
    [InlineData("fail_fd", Errno.EMFILE)]
    [InlineData("fail_file", Errno.ENFILE)]
    [InlineData("failslab", Errno.ENOMEM)]
    public Task Open_NoDescriptorFileOrMemory_ItsErrnoAndTheNumberIsFree(string point, Errno errno) => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        s.Machine.AddFile("/etc/hosts", "localhost");
        var faulty = new FaultPoint(point);
        s.Machine.Faults.Set(faulty, s_once);
        Assert.Equal(errno, (await t.OpenAsync("/etc/hosts")).Errno);
        Assert.Equal(3, (await t.OpenAsync("/etc/hosts")).Value);
        s.Machine.Faults.Set(faulty, s_once);
        int[] ends = new int[2];
        Assert.Equal(errno, (await t.PipeAsync(ends)).Errno);
        await t.PipeAsync(ends).OrThrow();
        Assert.Equal([4, 5], ends);
    });

    [Fact]
    public Task Fork_AllocationFails_EnomemAndNoChild() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        s.Machine.Faults.Set(FaultPoint.Allocation, s_once);
        Assert.Equal(Errno.ENOMEM, (await t.ForkAsync()).Errno);
        Assert.Equal(Errno.ECHILD, (await t.WaitAsync()).Errno);
        int child = await t.ForkAsync().OrThrow();
        await s.Machine.GetProcess(child)!.ExitAsync();
        Assert.Equal(child, (await t.WaitAsync()).Value);
    });

    [Fact]
    public Task Sleep_Broken_EintrAndNothingConsumed() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = await s.OobThread(app);
        UserThread t = app.CreateThread();
        int fd = await t.CreateXbufAsync("box", 8, 8).OrThrow();
        s.Machine.Faults.Set(FaultPoint.Sleep, s_once with { Times = 3 });
        Assert.Equal(Errno.EINTR, (await oob.OobReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EINTR, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EINTR, (await oob.EvlUsleepAsync(4_000_000_000)).Errno);
        await t.WriteAsync(fd, new byte[] { 7 }).OrThrow();
        byte[] bytes = new byte[1];
        Assert.Equal(1, (await oob.OobReadAsync(fd, bytes)).Value);
        Assert.Equal(7, bytes[0]);
    });

    [Fact]
    public Task Handler_Throws_EioAndTheNextOpenFindsAFreshDevice() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/gated", () => new GatedDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int fd = await t.OpenAsync("/dev/gated").OrThrow();
        ValueTask<SysResult> reading = oob.OobReadAsync(fd, new byte[1]);
        await s.UntilAsleep(oob);
        s.Machine.Faults.Set(FaultPoint.Handler, s_once);
        Assert.Equal(Errno.EIO, (await t.WriteAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EIO, (await reading).Errno);
        Assert.Contains("Injected by fail_handler", Assert.Single(s.Of(MachineEventKind.DeviceFailed)).Detail, StringComparison.Ordinal);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        fd = await t.OpenAsync("/dev/gated").OrThrow();
        Assert.True((await t.WriteAsync(fd, new byte[1])).IsSuccess);
    });

    [Fact]
    public Task Handler_OfTheMachinesOwnDevice_NeverThrows() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        s.Machine.Faults.Set(FaultPoint.Handler, s_once);
        int[] ends = new int[2];
        await t.PipeAsync(ends).OrThrow();
        Assert.Equal(1, (await t.WriteAsync(ends[1], new byte[1])).Value);
        Assert.Equal(0, s.Machine.Faults.Met(FaultPoint.Handler));
    });

    [Fact]
    public Task Device_Stalls_TheHandlerStartsLaterAndOthersGoAhead() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/gated", () => new GatedDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread slow = app.CreateThread();
        UserThread quick = app.CreateThread();
        int fd = await slow.OpenAsync("/dev/gated").OrThrow();
        s.Machine.Faults.Set(
            FaultPoint.Stall, s_once with { TaskFilter = task => task.Tid == slow.Tid, Delay = TimeSpan.FromMilliseconds(20) });
        long begunNs = s.Machine.Engine.MonotonicNs;
        ValueTask<SysResult> writing = slow.WriteAsync(fd, new byte[1]);
        await s.Until(e => e.Kind == MachineEventKind.FaultInjected);
        Assert.True((await quick.WriteAsync(fd, new byte[1])).IsSuccess);
        Assert.True((await writing).IsSuccess);
        Assert.True(s.Machine.Engine.MonotonicNs - begunNs >= 20_000_000);
    });

    [Fact]
    public Task Device_StallsAndFails_TheCallIsAnsweredEio() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/gated", () => new GatedDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread slow = app.CreateThread();
        UserThread quick = app.CreateThread();
        int fd = await slow.OpenAsync("/dev/gated").OrThrow();
        s.Machine.Faults.Set(FaultPoint.Stall, s_once with { TaskFilter = task => task.Tid == slow.Tid });
        s.Machine.Faults.Set(FaultPoint.Handler, s_once with { TaskFilter = task => task.Tid == quick.Tid });
        ValueTask<SysResult> writing = slow.WriteAsync(fd, new byte[1]);
        await s.Until(e => e.Kind == MachineEventKind.FaultInjected);
        Assert.Equal(Errno.EIO, (await quick.WriteAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EIO, (await writing).Errno);
    });

    [Fact]
    public Task Reference_ComesLate_TheReleaseWaitsForIt() => Play(async s =>
    {
        (UserThread t, UserThread oob, int fd, OpenDevice device) = await OpenDevice.Start(s);
        device.InBand[1] = async call =>
        {
            using EvlFileReference? file = await call.GetFile(fd);
            return file is null ? Errno.EBADF : 0;
        };
        s.Machine.Faults.Set(FaultPoint.LateReference, s_once with { Times = 2, Delay = TimeSpan.FromMilliseconds(10) });
        Assert.Equal(SysResult.Ok(), await oob.OobIoctlAsync(fd, 1));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(2, s.Of(MachineEventKind.FaultInjected).Count());
        // The oob file's first reference, the call's and the handler's.
        MachineEvent done = Assert.Single(s.Of(MachineEventKind.ReleaseDone));
        Assert.Equal(0, s.Of(MachineEventKind.OobReferencePut).Where(e => e.File == done.File).Min(e => e.Count));
    });

    [Fact]
    public Task Exit_UnderWayWhenTheMachineEnds_IsAnswered() => Play(async s =>
    {
        UserThread t = s.Machine.CreateProcess().CreateThread();
        s.Machine.Faults.Set(FaultPoint.LateReference, s_once);
        ValueTask<SysResult> exiting = t.ExitAsync();
        await s.Until(e => e.Kind == MachineEventKind.FaultInjected);
        await s.Machine.DisposeAsync();
        Assert.Equal(SysResult.Ok(), await exiting);
        Assert.Contains(s.Of(MachineEventKind.CallAnswered), e => e.Tid == t.Tid && e.Nr == SyscallNumber.Exit);
    });

    [Fact]
    public Task KernelThread_Dies_EndsWithoutFailingItsDevice() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        var queue = new WaitQueue();
        KernelThread? worker = null;
        bool wasUnwound = false;
        device.InBand[1] = async call =>
        {
            worker = device.Run("worker", async thread =>
            {
                try
                {
                    while (!thread.ShouldStop)
                        await queue.Wait(thread);
                    return 0;
                }
                finally
                {
                    wasUnwound = true;
                }
            });
            return await worker.Started(call);
        };
        device.InBand[2] = call => worker!.Join(call);
        s.Machine.Faults.Set(FaultPoint.Worker, s_once);
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 1));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 2));
        Assert.True(wasUnwound);
        Assert.True(worker!.HasEnded);
        Assert.Empty(s.Of(MachineEventKind.DeviceFailed));
        Assert.Contains("kernel thread worker", Assert.Single(s.Of(MachineEventKind.FaultInjected)).Detail, StringComparison.Ordinal);
    });

    [Fact]
    public Task OwnPoint_FailNth_FailsThatTimeOnly() => Play(async s =>
    {
        (UserThread t, _, int fd, OpenDevice device) = await OpenDevice.Start(s);
        device.InBand[1] = call => call.ShouldFail(s_own) ? SysResult.Error(Errno.EIO) : SysResult.Ok();
        s.Machine.Faults.Set(s_own, new FaultAttributes { FailNth = 3 });
        var answers = new List<Errno>();
        for (int i = 0; i < 5; i++)
            answers.Add((await t.IoctlAsync(fd, 1)).Errno);
        Assert.Equal([Errno.None, Errno.None, Errno.EIO, Errno.None, Errno.None], answers);
        Assert.Equal("lamp_burns_out 3: the driver in Ioctl of /dev/services", Assert.Single(s.Of(MachineEventKind.FaultInjected)).Detail);
    });

    [Fact]
    public Task Options_Faults_AreThereFromTheStartUntilCleared() => Play(
        async s =>
        {
            UserThread t = s.Machine.CreateProcess().CreateThread();
            for (int i = 0; i < 3; i++)
                Assert.Equal(Errno.EMFILE, (await t.DupAsync(0)).Errno);
            s.Machine.Faults.Clear(FaultPoint.Descriptor);
            Assert.Equal(3, (await t.DupAsync(0)).Value);
            Assert.Null(s.Machine.Context.Injector);
        },
        new EvlMachineOptions
        {
            Faults = new Dictionary<FaultPoint, FaultAttributes> { [FaultPoint.Descriptor] = s_once with { Times = -1 } },
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Fault_Verbose_IsLoggedAsAsked(int verbose)
    {
        using var log = new FaultLog();
        await Play(
            async s =>
            {
                log.Lines.Clear();
                UserThread t = s.Machine.CreateProcess().CreateThread();
                s.Machine.Faults.Set(FaultPoint.Descriptor, s_once with { Verbose = verbose });
                Assert.Equal(Errno.EMFILE, (await t.DupAsync(0)).Errno);
                // The log is written behind the calls; it is whole when the machine has ended.
                await s.Machine.DisposeAsync();
                string[] expected = verbose switch
                {
                    0 => [],
                    1 => ["FAULT_INJECTION: forcing a failure: fail_fd."],
                    _ => [$"FAULT_INJECTION: forcing a failure: fail_fd, time 1, a descriptor in Dup, called by thread {t.Tid} of process {t.Process.Pid}."],
                };
                Assert.Equal(expected, log.Lines.Where(line => line.StartsWith("FAULT", StringComparison.Ordinal)));
            },
            new EvlMachineOptions { LoggerFactory = log });
    }

    private sealed class FaultLog : ILoggerFactory, ILogger
    {
        internal ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}

using System.Diagnostics.Metrics;
using EvlActors.Drivers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace EvlActors.Hosting.Tests.Metrics;

/// <summary>What a machine's instruments say, and when they listen to it.</summary>
public sealed class MeterTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Calls_ListenedTo_CountedByStageAndErrno()
    {
        using IHost host = await Start();
        using MeterReader reader = Read(host, "evl.calls", "evl.stage.switches");
        _clock.Tick();
        EvlProcess app = Machine(host).CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50);
        await oob.AttachAsync().OrThrow();
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        for (int i = 0; i < 3; i++)
            await oob.OobWriteAsync(xbuf, new byte[4]).OrThrow();
        Assert.Equal(Errno.EBADF, (await t.CloseAsync(99)).Errno);
        Assert.Equal(Errno.EBADF, (await oob.OobReadAsync(99, new byte[4])).Errno);
        Assert.Equal(
            [
                ("evl.calls", 1, "evl.stage=inband error.type=EBADF"),
                ("evl.calls", 2, "evl.stage=inband"),
                ("evl.calls", 1, "evl.stage=oob error.type=EBADF"),
                ("evl.calls", 3, "evl.stage=oob"),
                ("evl.stage.switches", 1, "evl.stage=oob"),
            ],
            reader.Read().OrderBy(m => m.Name).ThenBy(m => m.Tags.Split(' ')[0]).ThenByDescending(m => m.Tags.Length));
        await host.StopAsync();
    }

    [Fact]
    public async Task Duration_ListenedTo_EachCallIsRecordedAfterTheTick()
    {
        using IHost host = await Start();
        using MeterReader reader = Read(host, "evl.call.duration");
        _clock.Tick();
        UserThread t = Machine(host).CreateProcess().CreateThread();
        await t.PollAsync(UserArray<PollFd>.Null, 20);
        for (int i = 0; i < 5; i++)
            await t.CloseAsync(99);
        Assert.Empty(reader.Read());
        _clock.Tick();
        (string Name, double Value, string Tags)[] heard = reader.Read();
        Assert.Equal(5, heard.Count(m => m.Tags == "evl.stage=inband evl.call=Close"));
        // Kept in steps of an eighth at most.
        Assert.InRange(Assert.Single(heard, m => m.Tags == "evl.stage=inband evl.call=Poll").Value, 0.020 * 0.9, s_limit.TotalSeconds);
        _clock.Tick();
        Assert.Empty(reader.Read());
        await host.StopAsync();
    }

    [Fact]
    public async Task Meter_NobodyListens_NoEventIsMade()
    {
        using IHost host = await Start();
        EvlMachine machine = Machine(host);
        UserThread t = machine.CreateProcess().CreateThread();
        _clock.Tick();
        await t.CloseAsync(0).OrThrow();
        using (Read(host, "evl.calls"))
            _clock.Tick();
        _clock.Tick();
        await t.CloseAsync(1).OrThrow();
        long first = 0;
        using (machine.Events.Subscribe(happened => first = happened.Sequence, MachineEventKind.CallAnswered))
            await t.CloseAsync(2).OrThrow();
        Assert.Equal(1, first);
        await host.StopAsync();
    }

    [Fact]
    public async Task OpenFiles_OneOpened_OneMore()
    {
        using IHost host = await Start(machine => machine.AddFile("/etc/motd", "hello"));
        using MeterReader reader = Read(host, "evl.open_files");
        double before = Assert.Single(reader.Read()).Value;
        await Machine(host).CreateProcess().CreateThread().OpenAsync("/etc/motd", OpenFlags.ReadOnly).OrThrow();
        Assert.Equal(before + 1, Assert.Single(reader.Read()).Value);
        await host.StopAsync();
    }

    [Fact]
    public async Task Rings_ListenedTo_FillAndSizeOfEach()
    {
        using IHost host = await Start();
        using MeterReader reader = Read(host, "evl.ring.fill", "evl.ring.size");
        EvlProcess app = Machine(host).CreateProcess();
        UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50);
        await oob.AttachAsync().OrThrow();
        int xbuf = await oob.CreateXbufAsync("readings", 64, 0).OrThrow();
        await oob.OobWriteAsync(xbuf, new byte[10]).OrThrow();
        (string Name, double Value, string Tags)[] heard = Until(reader, m => m.Value == 10);
        Assert.Equal("evl.device=/evl/xbuf/readings evl.ring=inbound", heard.Single(m => m.Name == "evl.ring.fill").Tags);
        Assert.Equal(64, heard.Single(m => m.Name == "evl.ring.size").Value);
        await host.StopAsync();
    }

    [Fact]
    public async Task StuckCloses_ReleaseThatDoesNotEnd_CountedUntilItDoes()
    {
        var device = new SlowReleaseDevice();
        using IHost host = await Start(machine => machine.AddDevice("/dev/slow", () => device));
        using MeterReader reader = Read(host, "evl.closes.stuck");
        UserThread t = Machine(host).CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/slow").OrThrow();
        Task<SysResult> closing = t.CloseAsync(fd).AsTask();
        Until(reader, m => m.Value == 1);
        device.Gate.SetResult();
        Assert.Equal(SysResult.Ok(), await closing.WaitAsync(s_limit));
        Until(reader, m => m.Value == 0);
        await host.StopAsync();
    }

    [Fact]
    public async Task MailboxWait_StageHeldUp_IsThatLong()
    {
        using var gate = new ManualResetEventSlim();
        var device = new HoldingDevice(gate);
        using IHost host = await Start(machine => machine.AddDevice("/dev/hold", () => device));
        using MeterReader reader = Read(host, "evl.mailbox.wait", "evl.mailbox.depth");
        EvlMachine machine = Machine(host);
        UserThread t = machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/hold").OrThrow();
        Task<SysResult> holding = Task.Run(() => t.Read(fd, new byte[1]));
        await device.Holds.WaitAsync(s_limit);
        _clock.Tick();
        long sentNs = machine.Engine.MonotonicNs;
        (string Name, double Value, string Tags)[] meanwhile = reader.Read();
        Assert.DoesNotContain(meanwhile, m => m.Name == "evl.mailbox.wait" && m.Tags == "evl.stage=inband");
        long heldNs = machine.Engine.MonotonicNs - sentNs;
        gate.Set();
        await holding.WaitAsync(s_limit);
        double waited = Until(reader, m => m.Name == "evl.mailbox.wait" && m.Tags == "evl.stage=inband")
            .First(m => m.Name == "evl.mailbox.wait" && m.Tags == "evl.stage=inband").Value;
        Assert.InRange(waited, heldNs / 1e9, s_limit.TotalSeconds);
        Assert.Equal(2, reader.Read().Count(m => m.Name == "evl.mailbox.depth"));
        await host.StopAsync();
    }

    [Fact]
    public async Task Failures_DriverThrows_Counted()
    {
        using IHost host = await Start(machine => machine.AddDevice("/dev/throws", () => new ThrowingDevice()));
        using MeterReader reader = Read(host, "evl.device.failures");
        _clock.Tick();
        UserThread t = Machine(host).CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/throws").OrThrow();
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(1, Assert.Single(reader.Read()).Value);
        await host.StopAsync();
    }

    [Fact]
    public async Task Faults_Injected_Counted()
    {
        using IHost host = await Start();
        using MeterReader reader = Read(host, "evl.faults.injected");
        _clock.Tick();
        EvlMachine machine = Machine(host);
        machine.Faults.Set(FaultPoint.Descriptor, new FaultAttributes { Probability = 100, Times = 1 });
        UserThread t = machine.CreateProcess().CreateThread();
        Assert.Equal(Errno.EMFILE, (await t.DupAsync(0)).Errno);
        Assert.Equal(1, Assert.Single(reader.Read()).Value);
        await host.StopAsync();
    }

    private static EvlMachine Machine(IHost host) => host.Services.GetRequiredService<EvlMachine>();

    private static MeterReader Read(IHost host, params string[] instruments) =>
        new(host.Services.GetRequiredService<IMeterFactory>(), instruments);

    private async Task<IHost> Start(Action<EvlMachine>? configure = null)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddKeyedSingleton<TimeProvider>(EvlServices.Clock, _clock);
        builder.Services.AddEvl(options => options.Health.StuckClose = TimeSpan.FromTicks(1)).AddMetrics().Configure(configure ?? (_ => { }));
        IHost host = builder.Build();
        await host.StartAsync();
        return host;
    }

    // A tick asks the machine for a snapshot, which comes when it comes.
    private (string Name, double Value, string Tags)[] Until(MeterReader reader, Func<(string Name, double Value, string Tags), bool> wanted)
    {
        for (int i = 0; i < 100_000; i++)
        {
            _clock.Tick();
            (string Name, double Value, string Tags)[] heard = reader.Read();
            if (Array.Exists(heard, m => wanted(m)))
                return heard;
        }
        throw new TimeoutException("The instruments do not say what they should.");
    }

    private sealed class SlowReleaseDevice : CharDevice
    {
        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        protected override async IoTask Release(IoCall call)
        {
            await Gate.Task;
            return 0;
        }
    }

    private sealed class HoldingDevice(ManualResetEventSlim gate) : CharDevice
    {
        private readonly TaskCompletionSource _holds = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Holds => _holds.Task;

        protected override IoTask Read(IoCall call)
        {
            _holds.TrySetResult();
            Assert.True(gate.Wait(s_limit));
            return SysResult.Ok();
        }
    }

    private sealed class ThrowingDevice : CharDevice
    {
        protected override IoTask Read(IoCall call) => throw new InvalidOperationException("planted");
    }
}

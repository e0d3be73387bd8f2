using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>What a policy keeps, beyond what the scull devices show: failures, waits, signals, keys.</summary>
public abstract class OpenPolicyTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const string Path = "/dev/guarded";

    [Fact]
    public Task Open_DriverFailsAfterThePolicy_NoTrace() => Play(async s =>
    {
        foreach ((string path, OpenPolicy policy) in new[] { ("/dev/a", OpenPolicy.SingleOpen()), ("/dev/b", OpenPolicy.SingleUser()) })
        {
            var device = new GuardedDevice(policy) { OpenResult = Errno.ENODEV };
            s.Machine.AddDevice(path, () => device);
            UserThread t = ThreadOf(s, 1);
            Assert.Equal(Errno.ENODEV, (await t.OpenAsync(path)).Errno);
            device.OpenResult = Errno.None;
            int fd = await ThreadOf(s, 2).OpenAsync(path).OrThrow();
            Assert.Equal(Errno.EBUSY, (await t.OpenAsync(path)).Errno);
            Assert.Equal((2, 0), (device.Opens, device.Releases));
        }
    });

    [Fact]
    public Task Open_DriverStillOpening_SecondIsBusyAlready() => Play(async s =>
    {
        var gate = new TaskCompletionSource();
        var device = new GuardedDevice(OpenPolicy.SingleOpen()) { OpenWaits = gate.Task };
        s.Machine.AddDevice(Path, () => device);
        UserThread first = ThreadOf(s, 1);
        ValueTask<SysResult> opening = first.OpenAsync(Path);
        await s.Until(e => e.Kind == MachineEventKind.CallRouted && e.Tid == first.Tid && e.Detail == nameof(FileOperation.Open));
        Assert.Equal(Errno.EBUSY, (await ThreadOf(s, 1).OpenAsync(Path)).Errno);
        gate.SetResult();
        Assert.Equal(3, await opening.OrThrow());
    });

    [Fact]
    public Task Open_DriverThrowsWhileOthersWait_FreshDeviceIsFree() => Play(async s =>
    {
        bool throws = true;
        s.Machine.AddDevice(Path, () => new GuardedDevice(OpenPolicy.SingleOpen(wait: true)) { OpenThrows = throws });
        throws = false;
        UserThread t = ThreadOf(s, 1);
        Assert.Equal(Errno.EIO, (await t.OpenAsync(Path)).Errno);
        Assert.Equal(3, await t.OpenAsync(Path).OrThrow());
    });

    [Fact]
    public Task SingleOpenWaiting_Closed_OneOfTheWaitersIsNext() => Play(async s =>
    {
        s.Machine.AddDevice(Path, () => new GuardedDevice(OpenPolicy.SingleOpen(wait: true)));
        UserThread owner = ThreadOf(s, 1);
        UserThread[] waiters = [ThreadOf(s, 1), ThreadOf(s, 1)];
        int fd = await owner.OpenAsync(Path).OrThrow();
        Assert.Equal(Errno.EAGAIN, (await waiters[0].OpenAsync(Path, OpenFlags.NonBlock)).Errno);
        Task<SysResult>[] opening = [.. waiters.Select(waiter => waiter.OpenAsync(Path).AsTask())];
        await s.UntilAsleep(waiters[0]);
        await s.UntilAsleep(waiters[1]);
        await owner.CloseAsync(fd).OrThrow();
        Task<SysResult> first = await Task.WhenAny(opening);
        int next = Array.IndexOf(opening, first);
        Assert.False(opening[1 - next].IsCompleted);
        await waiters[next].CloseAsync((await first).OrThrow()).OrThrow();
        Assert.Equal(3, (await opening[1 - next]).OrThrow());
    });

    [Fact]
    public Task SingleUserWaiting_SignalOrCancellation_EintrAndNoTrace() => Play(async s =>
    {
        var device = new GuardedDevice(OpenPolicy.SingleUser(wait: true));
        s.Machine.AddDevice(Path, () => device);
        UserThread owner = ThreadOf(s, 1);
        UserThread other = ThreadOf(s, 2);
        int fd = await owner.OpenAsync(Path).OrThrow();
        using var cancellation = new CancellationTokenSource();
        ValueTask<SysResult> opening = other.OpenAsync(Path, cancellation: cancellation.Token);
        await s.UntilAsleep(other);
        cancellation.Cancel();
        Assert.Equal(Errno.EINTR, (await opening).Errno);
        await owner.CloseAsync(fd).OrThrow();
        Assert.Equal(3, await ThreadOf(s, 3).OpenAsync(Path).OrThrow());
        Assert.Equal(2, device.Opens);
    });

    [Fact]
    public Task SingleUserWaiting_RestartedBySignal_StillWaits() => Play(async s =>
    {
        s.Machine.AddDevice(Path, () => new GuardedDevice(OpenPolicy.SingleUser(wait: true)));
        UserThread owner = ThreadOf(s, 1);
        UserThread other = ThreadOf(s, 2);
        int handled = 0;
        var ran = new TaskCompletionSource();
        await other.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { handled++; ran.TrySetResult(); }, restart: true)).OrThrow();
        int fd = await owner.OpenAsync(Path).OrThrow();
        ValueTask<SysResult> opening = other.OpenAsync(Path);
        await s.UntilAsleep(other);
        UserThread root = s.Machine.CreateProcess().CreateThread();
        await root.TkillAsync(other.Tid, Signal.SIGUSR1).OrThrow();
        Task<SysResult> opened = opening.AsTask();
        await ran.Task;
        await owner.CloseAsync(fd).OrThrow();
        Assert.Equal(3, (await opened).OrThrow());
        Assert.Equal(1, handled);
    });

    [Fact]
    public Task Clone_ByProcess_EndsWithItsLastFile() => Play(async s =>
    {
        int made = 0;
        var device = new GuardedDevice(OpenPolicy.Clone(call => call.Pid, () => { made++; return new object(); }, persists: false));
        s.Machine.AddDevice(Path, () => device);
        UserThread a = ThreadOf(s, 1);
        UserThread b = ThreadOf(s, 1);
        int first = await a.OpenAsync(Path).OrThrow();
        int second = await a.OpenAsync(Path).OrThrow();
        await b.OpenAsync(Path).OrThrow();
        Assert.Equal(2, made);
        await a.CloseAsync(first).OrThrow();
        await a.OpenAsync(Path).OrThrow();
        Assert.Equal(2, made);
        await a.CloseRangeAsync(3, uint.MaxValue).OrThrow();
        await a.OpenAsync(Path).OrThrow();
        Assert.Equal(3, made);
        Assert.Same(device.Seen[0], device.Seen[1]);
        Assert.NotSame(device.Seen[0], device.Seen[2]);
        Assert.Same(device.Seen[0], device.Seen[3]);
        Assert.NotSame(device.Seen[0], device.Seen[4]);
    });

    [Fact]
    public Task Clone_BySession_ForkedChildSharesIt() => Play(async s =>
    {
        var device = new GuardedDevice(OpenPolicy.Clone(call => call.Session, () => new object()));
        s.Machine.AddDevice(Path, () => device);
        UserThread a = ThreadOf(s, 1);
        await a.OpenAsync(Path).OrThrow();
        int pid = await a.ForkAsync().OrThrow();
        UserThread child = s.Machine.GetProcess(pid)!.MainThread!; // it was forked with one
        await child.OpenAsync(Path).OrThrow();
        await child.SetsidAsync().OrThrow();
        await child.OpenAsync(Path).OrThrow();
        Assert.Same(device.Seen[0], device.Seen[1]);
        Assert.NotSame(device.Seen[0], device.Seen[2]);
    });

    [Fact]
    public Task Clone_FirstOpenFails_PrivateDeviceIsForgotten() => Play(async s =>
    {
        var device = new GuardedDevice(OpenPolicy.Clone(call => call.Pid, () => new object())) { OpenResult = Errno.ENODEV };
        s.Machine.AddDevice(Path, () => device);
        UserThread t = ThreadOf(s, 1);
        Assert.Equal(Errno.ENODEV, (await t.OpenAsync(Path)).Errno);
        device.OpenResult = Errno.None;
        int fd = await t.OpenAsync(Path).OrThrow();
        await t.CloseAsync(fd).OrThrow();
        device.OpenResult = Errno.ENODEV;
        Assert.Equal(Errno.ENODEV, (await t.OpenAsync(Path)).Errno);
        Assert.NotSame(device.Seen[0], device.Seen[1]);
        Assert.Same(device.Seen[1], device.Seen[2]);
    });

    [Fact]
    public Task Clone_NoMemory_Enomem() => Play(async s =>
    {
        s.Machine.AddDevice(Path, () => new GuardedDevice(OpenPolicy.Clone<object>(call => call.Pid, () => new object[int.MaxValue])));
        Assert.Equal(Errno.ENOMEM, (await ThreadOf(s, 1).OpenAsync(Path)).Errno);
    });

    private static UserThread ThreadOf(Scenario s, int uid) =>
        s.Machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(uid, uid) }).CreateThread();
}

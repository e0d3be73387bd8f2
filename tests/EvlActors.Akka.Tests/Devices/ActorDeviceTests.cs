using Akka.Actor;
using Akka.TestKit;
using EvlActors.Akka.Devices;
using Xunit;

namespace EvlActors.Akka.Tests.Devices;

/// <summary>Devices that are actors of the host's: a probe plays the driver.</summary>
public sealed class ActorDeviceTests : MachineKit
{
    private readonly TestProbe _driver;

    public ActorDeviceTests() => _driver = CreateTestProbe("driver");

    [Fact]
    public async Task OpenReadWriteIoctlClose_AskedAndAnsweredByTheActor()
    {
        Machine.AddDevice("/dev/actor", _driver);
        UserThread t = Machine.CreateProcess().CreateThread();
        Task<SysResult> opening = t.OpenAsync("/dev/actor", OpenFlags.ReadWrite | OpenFlags.NonBlock).AsTask();
        DeviceOpen open = await _driver.ExpectMsgAsync<DeviceOpen>();
        Assert.Equal(t.Process.Pid, open.Pid);
        _driver.Reply(DeviceReply.Ok());
        int fd = (await opening).OrThrow();

        Task<SysResult> writing = t.WriteAsync(fd, "abc"u8.ToArray()).AsTask();
        DeviceWrite write = await _driver.ExpectMsgAsync<DeviceWrite>();
        Assert.Equal(("abc", true, false), (System.Text.Encoding.UTF8.GetString(write.Data.Span), write.NonBlocking, write.IsOob));
        _driver.Reply(DeviceReply.Ok(2));
        Assert.Equal(SysResult.Ok(2), await writing);

        byte[] bytes = new byte[8];
        Task<SysResult> reading = t.ReadAsync(fd, bytes).AsTask();
        Assert.Equal(new DeviceRead(open.File, 8, true, false), await _driver.ExpectMsgAsync<DeviceRead>());
        _driver.Reply(DeviceReply.Bytes("xyz"u8.ToArray()));
        Assert.Equal(SysResult.Ok(3), await reading);
        Assert.Equal("xyz"u8.ToArray(), bytes[..3]);

        Task<SysResult> asking = t.IoctlAsync(fd, 7, 11).AsTask();
        Assert.Equal(new DeviceIoctl(open.File, 7, 11, false), await _driver.ExpectMsgAsync<DeviceIoctl>());
        _driver.Reply(DeviceReply.Error(Errno.ENOTTY));
        Assert.Equal(Errno.ENOTTY, (await asking).Errno);

        Task<SysResult> closing = t.CloseAsync(fd).AsTask();
        Assert.Equal(new DeviceRelease(open.File), await _driver.ExpectMsgAsync<DeviceRelease>());
        Assert.False(closing.IsCompleted);
        _driver.Reply(DeviceReply.Ok());
        Assert.Equal(SysResult.Ok(), await closing);
    }

    [Fact]
    public async Task Open_Refused_ErrnoToTheCaller()
    {
        Machine.AddDevice("/dev/actor", _driver);
        UserThread t = Machine.CreateProcess().CreateThread();
        Task<SysResult> opening = t.OpenAsync("/dev/actor").AsTask();
        await _driver.ExpectMsgAsync<DeviceOpen>();
        _driver.Reply(DeviceReply.Error(Errno.EBUSY));
        Assert.Equal(Errno.EBUSY, (await opening).Errno);
    }

    [Fact]
    public async Task OobRead_OfAnOobActor_AnsweredOutOfBand()
    {
        Machine.AddDevice("/dev/actor", _driver, new ActorDeviceOptions { IsOob = true });
        UserThread t = await OobThread(Machine.CreateProcess());
        int fd = await Open(t);
        byte[] bytes = new byte[2];
        Task<SysResult> reading = t.OobReadAsync(fd, bytes).AsTask();
        Assert.True((await _driver.ExpectMsgAsync<DeviceRead>()).IsOob);
        _driver.Reply(DeviceReply.Bytes("ok"u8.ToArray()));
        Assert.Equal(SysResult.Ok(2), await reading);
        Assert.Equal("ok"u8.ToArray(), bytes);
    }

    [Fact]
    public async Task Close_OobReadAsleepInTheActor_ReaderGetsEidrmAndTheActorHearsOfIt()
    {
        Machine.AddDevice("/dev/actor", _driver, new ActorDeviceOptions { IsOob = true });
        EvlProcess app = Machine.CreateProcess();
        UserThread oob = await OobThread(app);
        int fd = await Open(oob);
        Task<SysResult> reading = oob.OobReadAsync(fd, new byte[2]).AsTask();
        DeviceRead read = await _driver.ExpectMsgAsync<DeviceRead>();
        await Until(e => e.Kind == MachineEventKind.CallAsleep && e.Tid == oob.Tid && e.Nr == SyscallNumber.OobRead);
        Task<SysResult> closing = app.CreateThread().CloseAsync(fd).AsTask();
        Assert.Equal(new DeviceInterrupted(read), await _driver.ExpectMsgAsync<DeviceInterrupted>());
        await _driver.ExpectMsgAsync<DeviceRelease>();
        _driver.Reply(DeviceReply.Ok());
        Assert.Equal(Errno.EIDRM, (await reading).Errno);
        Assert.Equal(SysResult.Ok(), await closing);
    }

    [Fact]
    public async Task Read_ProcessKilled_SleepEndsAndTheActorHearsOfIt()
    {
        Machine.AddDevice("/dev/actor", _driver);
        EvlProcess app = Machine.CreateProcess();
        UserThread t = app.CreateThread();
        int fd = await Open(t);
        Task<SysResult> reading = t.ReadAsync(fd, new byte[2]).AsTask();
        DeviceRead read = await _driver.ExpectMsgAsync<DeviceRead>();
        await Until(e => e.Kind == MachineEventKind.CallAsleep && e.Nr == SyscallNumber.Read);
        Task<SysResult> exiting = app.ExitAsync().AsTask();
        Assert.Equal(new DeviceInterrupted(read), await _driver.ExpectMsgAsync<DeviceInterrupted>());
        await _driver.ExpectMsgAsync<DeviceRelease>();
        _driver.Reply(DeviceReply.Ok());
        Assert.Equal(Errno.EINTR, (await reading).Errno);
        Assert.Equal(SysResult.Ok(), await exiting);
    }

    [Fact]
    public async Task Read_ActorStops_Eio()
    {
        Machine.AddDevice("/dev/actor", _driver);
        UserThread t = Machine.CreateProcess().CreateThread();
        int fd = await Open(t);
        Task<SysResult> reading = t.ReadAsync(fd, new byte[2]).AsTask();
        await _driver.ExpectMsgAsync<DeviceRead>();
        Sys.Stop(_driver);
        Assert.Equal(Errno.EIO, (await reading).Errno);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[2])).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
        Assert.Equal(Errno.EIO, (await t.OpenAsync("/dev/actor")).Errno);
    }

    [Fact]
    public async Task Read_AnsweredWithAValueAndNoBytes_Eio()
    {
        Machine.AddDevice("/dev/actor", _driver);
        UserThread t = Machine.CreateProcess().CreateThread();
        int fd = await Open(t);
        Task<SysResult> reading = t.ReadAsync(fd, new byte[8]).AsTask();
        await _driver.ExpectMsgAsync<DeviceRead>();
        _driver.Reply(DeviceReply.Ok(3));
        Assert.Equal(Errno.EIO, (await reading).Errno);
        reading = t.ReadAsync(fd, new byte[8]).AsTask();
        await _driver.ExpectMsgAsync<DeviceRead>();
        _driver.Reply(DeviceReply.Ok());
        Assert.Equal(SysResult.Ok(), await reading); // the end of the file
        Sys.Stop(_driver);
    }

    [Fact]
    public async Task ReadOrWrite_AnsweredWithMoreThanWasAskedFor_Eio()
    {
        Machine.AddDevice("/dev/actor", _driver);
        UserThread t = Machine.CreateProcess().CreateThread();
        int fd = await Open(t);
        Task<SysResult> writing = t.WriteAsync(fd, new byte[4]).AsTask();
        await _driver.ExpectMsgAsync<DeviceWrite>();
        _driver.Reply(DeviceReply.Ok(5));
        Assert.Equal(Errno.EIO, (await writing).Errno);
        Task<SysResult> reading = t.ReadAsync(fd, new byte[4]).AsTask();
        await _driver.ExpectMsgAsync<DeviceRead>();
        _driver.Reply(DeviceReply.Bytes(new byte[5]));
        Assert.Equal(Errno.EIO, (await reading).Errno);
        Sys.Stop(_driver);
    }

    [Fact]
    public async Task Device_ActorThatIsRestarted_AnswersTheNextCall()
    {
        IActorRef driver = Sys.ActorOf(Props.Create(() => new ClumsyDriver()));
        Machine.AddDevice("/dev/clumsy", driver, new ActorDeviceOptions { AnswerTimeout = TimeSpan.FromMilliseconds(50) });
        UserThread t = Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/clumsy").OrThrow();
        await EventFilter.Exception<InvalidOperationException>("planted").ExpectOneAsync(async () =>
            Assert.Equal(Errno.EIO, (await t.IoctlAsync(fd, ClumsyDriver.Drop)).Errno));
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fd, 2));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    }

    [Fact]
    public async Task Ioctl_AnsweredWithAFailure_Eio()
    {
        Machine.AddDevice("/dev/actor", _driver);
        UserThread t = Machine.CreateProcess().CreateThread();
        int fd = await Open(t);
        Task<SysResult> asking = t.IoctlAsync(fd, 1).AsTask();
        await _driver.ExpectMsgAsync<DeviceIoctl>();
        _driver.Reply(new Status.Failure(new InvalidOperationException("planted")));
        Assert.Equal(Errno.EIO, (await asking).Errno);
        Sys.Stop(_driver);
    }

    private async Task<int> Open(UserThread t)
    {
        Task<SysResult> opening = t.OpenAsync("/dev/actor").AsTask();
        await _driver.ExpectMsgAsync<DeviceOpen>();
        _driver.Reply(DeviceReply.Ok());
        return (await opening).OrThrow();
    }

    private sealed class ClumsyDriver : ReceiveActor
    {
        internal const uint Drop = 1;

        public ClumsyDriver()
        {
            Receive<DeviceIoctl>(ioctl => ioctl.Command == Drop, _ => throw new InvalidOperationException("planted"));
            Receive<DeviceRequest>(_ => Sender.Tell(DeviceReply.Ok()));
        }
    }
}

using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.Machine;

/// <summary>Mistakes of applications and drivers with what has to be awaited: said, and of no consequence to others.</summary>
public abstract class MisuseTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task Await_ResultOfAnEarlierCall_RefusedAndTheNextCallIsAnswered() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        ValueTask<SysResult> earlier = t.ReadAsync(xbuf, new byte[4]);
        await s.UntilAsleep(t);
        await oob.OobWriteAsync(xbuf, new byte[4]).OrThrow();
        await earlier;
        Task<SysResult> reading = t.ReadAsync(xbuf, new byte[4]).AsTask();
        Assert.Throws<InvalidOperationException>(() => earlier.GetAwaiter().OnCompleted(() => { }));
        await oob.OobWriteAsync(xbuf, new byte[4]).OrThrow();
        Assert.Equal(4, (await reading).Value);
    });

    [Fact]
    public Task Await_SameCallTwice_RefusedAndTheFirstGoesOn() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        UserThread oob = await s.OobThread(app);
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        ValueTask<SysResult> call = t.ReadAsync(xbuf, new byte[4]);
        await s.UntilAsleep(t);
        Task<SysResult> reading = call.AsTask();
        Assert.Throws<InvalidOperationException>(() => call.GetAwaiter().OnCompleted(() => { }));
        await oob.OobWriteAsync(xbuf, new byte[4]).OrThrow();
        Assert.Equal(4, (await reading).Value);
    });

    [Theory]
    [InlineData(ForgetfulDevice.Wait)]
    [InlineData(ForgetfulDevice.Prepare)]
    [InlineData(ForgetfulDevice.Transfer)]
    public Task Handler_EndsWithAWaitUnderWay_DeviceFails(uint command) => Play(async s =>
    {
        s.Machine.AddDevice("/dev/forgetful", () => new ForgetfulDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread t = app.CreateThread();
        await s.OobThread(app);
        int xbuf = await t.CreateXbufAsync(null, 64, 64).OrThrow();
        int fd = await t.OpenAsync("/dev/forgetful").OrThrow();
        Assert.Equal(Errno.EIO, (await t.IoctlAsync(fd, command, xbuf)).Errno);
        MachineEvent failed = Assert.Single(s.Of(MachineEventKind.DeviceFailed));
        Assert.Contains("await each wait", failed.Detail, StringComparison.Ordinal);
        int fresh = await t.OpenAsync("/dev/forgetful").OrThrow();
        Assert.Equal(SysResult.Ok(), await t.IoctlAsync(fresh, 0));
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    private sealed class ForgetfulDevice : CharDevice
    {
        internal const uint Wait = 1;
        internal const uint Prepare = 2;
        internal const uint Transfer = 3;

        private readonly WaitQueue _queue = new();
        private readonly WaitQueueHead _head = new();

        protected internal override async IoTask Ioctl(IoCall call)
        {
            switch (call.Command)
            {
                case Wait:
                    _ = _queue.Wait(call);
                    break;
                case Prepare:
                    _head.PrepareToWait(new WaitQueueEntry(call));
                    break;
                case Transfer:
                    EvlActors.Xbufs.XbufReference? xbuf = await EvlActors.Xbufs.XbufReference.Get(call, (int)call.Argument);
                    _ = xbuf!.Write(call, new byte[4], OpenFlags.NonBlock);
                    break;
            }
            return 0;
        }
    }
}

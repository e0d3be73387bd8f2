using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>The thinnest path end to end.</summary>
public abstract class SmokeTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact]
    public Task WriteOobRead_ThroughXbuf_BytesArrive() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread display = app.CreateThread();
        UserThread sampler = await s.OobThread(app);
        int xbuf = await display.CreateXbufAsync("data", 64, 64).OrThrow();
        Assert.Equal(4, (await display.WriteAsync(xbuf, "ABCD"u8.ToArray())).OrThrow());
        byte[] buffer = new byte[4];
        Assert.Equal(4, (await sampler.OobReadAsync(xbuf, buffer)).OrThrow());
        Assert.Equal("ABCD"u8.ToArray(), buffer);
        ValueTask<SysResult> reading = display.ReadAsync(xbuf, buffer);
        Assert.Equal(4, (await sampler.OobWriteAsync(xbuf, "1234"u8.ToArray())).OrThrow());
        Assert.Equal(4, (await reading).OrThrow());
        Assert.Equal("1234"u8.ToArray(), buffer);
        Assert.Equal(SysResult.Ok(), await display.CloseAsync(xbuf));
        Assert.Equal(Errno.EBADF, (await sampler.OobReadAsync(xbuf, buffer)).Errno);
    });

    [Fact]
    public Task CloseLastFd_OobReadAsleep_ReaderGetsEidrmThenCloseReturns() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread closer = app.CreateThread();
        UserThread reader = await s.OobThread(app);
        int xbuf = await closer.CreateXbufAsync(null, 64, 64).OrThrow();
        byte[] buffer = new byte[4];
        ValueTask<SysResult> reading = reader.OobReadAsync(xbuf, buffer);
        await s.UntilAsleep(reader);
        Assert.Equal(SysResult.Ok(), await closer.CloseAsync(xbuf));
        Assert.Equal(Errno.EIDRM, (await reading).Errno);
    });

    [Fact]
    public Task Handler_Throws_EioThenFreshDevice() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/bad", () => new ThrowingDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/bad").OrThrow();
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        int fd2 = await t.OpenAsync("/dev/bad").OrThrow();
        Assert.Equal(Errno.EIO, (await t.ReadAsync(fd2, new byte[1])).Errno);
        Assert.Equal(SysResult.Ok(), await t.CloseAsync(fd));
    });

    private sealed class ThrowingDevice : CharDevice
    {
        protected internal override IoTask Read(IoCall call) => throw new InvalidOperationException("planted");
    }
}

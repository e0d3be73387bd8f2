using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour;

/// <summary>Very many open files in one process.</summary>
public abstract class ManyFilesTests(EngineUnderTest engine) : MachineTests(engine)
{
    private const int Files = 100_000;

    [Fact]
    public Task OpenReadClose_HundredThousandFiles_NothingIsLeft() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/count", () => new CountingDevice());
        EvlProcess process = s.Machine.CreateProcess(new EvlProcessOptions { MaxFiles = Files + 3 });
        UserThread thread = process.CreateThread();
        int opened = 0;
        int released = 0;
        using IDisposable counting = s.Machine.Events.Subscribe(e =>
        {
            if (e.Kind == MachineEventKind.ReleaseDone)
                released++;
        });
        for (int fd = 3; fd < Files + 3; fd++)
        {
            Assert.Equal(fd, (await thread.OpenAsync("/dev/count")).Value);
            opened++;
        }
        Assert.Equal(Errno.EMFILE, (await thread.OpenAsync("/dev/count")).Errno);
        byte[] bytes = new byte[8];
        for (int fd = 3; fd < Files + 3; fd++)
            Assert.Equal(Files, (await thread.ReadAsync(fd, bytes)).Value);
        for (int fd = 3; fd < Files + 3; fd++)
            Assert.Equal(SysResult.Ok(), await thread.CloseAsync(fd));
        Assert.Equal(opened, released);
        int last = await thread.OpenAsync("/dev/count").OrThrow();
        Assert.Equal(3, last);
        Assert.Equal(1, (await thread.ReadAsync(last, bytes)).Value);
    });

    private sealed class CountingDevice : CharDevice
    {
        private int _open;

        protected internal override IoTask Open(IoCall call)
        {
            _open++;
            return SysResult.Ok();
        }

        protected internal override async IoTask Release(IoCall call)
        {
            await call.File.ReleaseOob();
            _open--;
            return 0;
        }

        protected internal override IoTask Read(IoCall call) => SysResult.Ok(_open);
    }
}

using EvlActors.Drivers;
using EvlActors.Xbufs;

namespace EvlActors.TestKit.Tests;

/// <summary>evl_get_xbuf as it once was: it took a reference, saw that the file was of another class, and forgot to give it back.</summary>
internal static class LeakyGet
{
    internal static Func<SimulationScenario, Task> Scenario(bool defective) => async s =>
    {
        s.Machine.AddDevice("/dev/logger", () => new LoggerDevice(defective));
        EvlProcess app = s.Machine.CreateProcess();
        UserThread logger = app.CreateThread(name: "logger");
        UserThread closer = app.CreateThread(name: "closer");
        int log = await logger.OpenAsync("/dev/logger").OrThrow();
        int other = await closer.OpenAsync("/dev/logger").OrThrow();
        Task logging = app.Run(logger, async t => await t.IoctlAsync(log, 1, (long)other));
        Task closing = app.Run(closer, async t => await t.CloseAsync(other));
        await logging;
        await closing;
    };

    private sealed class LoggerDevice(bool defective) : CharDevice
    {
        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        // Logs to the cross-buffer that the argument names.
        protected internal override async IoTask Ioctl(IoCall call)
        {
            if (defective)
            {
                await call.GetFile((int)call.Argument);
                return Errno.EBADF;
            }
            using XbufReference? xbuf = await XbufReference.Get(call, (int)call.Argument);
            return xbuf is null ? Errno.EBADF : 0;
        }

        protected internal override async IoTask Release(IoCall call)
        {
            await call.File.ReleaseOob();
            return 0;
        }
    }
}

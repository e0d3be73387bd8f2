using EvlActors.Drivers;

namespace EvlActors.TestKit.Tests;

/// <summary>A wake-up lost between the condition's test and the sleep, as with interruptible_sleep_on.</summary>
internal static class LostWakeUp
{
    internal static Func<SimulationScenario, Task> Scenario(bool defective) => async s =>
    {
        s.Machine.AddDevice("/dev/bell", () => new BellDevice(defective));
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread ringer = app.CreateThread(name: "ringer");
        await reader.AttachAsync().OrThrow();
        int fd = await ringer.OpenAsync("/dev/bell").OrThrow();
        Task reading = app.Run(reader, async t => await t.OobReadAsync(fd, new byte[1]).OrThrow());
        Task ringing = app.Run(ringer, async t => await t.WriteAsync(fd, new byte[1]).OrThrow());
        await reading;
        await ringing;
    };

    private sealed class BellDevice(bool defective) : CharDevice
    {
        private readonly WaitQueue _readers = new();
        private bool _hasRung;

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask OobRead(IoCall call)
        {
            while (!_hasRung)
            {
                if (defective)
                    await call.MayBePreempted();
                if (await _readers.Wait(call) is { IsError: true } interrupted)
                    return interrupted;
            }
            return 1;
        }

        protected internal override IoTask Write(IoCall call)
        {
            _hasRung = true;
            _readers.WakeAll();
            return SysResult.Ok(1);
        }

        protected internal override async IoTask Release(IoCall call)
        {
            _readers.Flush();
            await call.File.ReleaseOob();
            return 0;
        }
    }
}

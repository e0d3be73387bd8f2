using EvlActors.Drivers;

namespace EvlActors.TestKit.Tests;

/// <summary>Everything at once that has ever gone wrong around a descriptor: oob_read and two kinds of poll against write, dup2 and close.</summary>
internal static class CloseRace
{
    internal static async Task Run(SimulationScenario s)
    {
        s.Machine.AddDevice("/dev/wire", static () => new WireDevice());
        EvlProcess app = s.Machine.CreateProcess();
        UserThread reader = app.CreateThread(SchedPolicy.Fifo, 50, "reader");
        UserThread watcher = app.CreateThread(SchedPolicy.Fifo, 40, "watcher");
        UserThread poller = app.CreateThread(name: "poller");
        UserThread closer = app.CreateThread(name: "closer");
        await reader.AttachAsync().OrThrow();
        await watcher.AttachAsync().OrThrow();
        int set = await watcher.NewPollAsync().OrThrow();
        int fd = await closer.OpenAsync("/dev/wire").OrThrow();
        Task reading = app.Run(reader, async t =>
        {
            while ((await t.OobReadAsync(fd, new byte[1])).IsSuccess)
            {
            }
        });
        Task watching = app.Run(watcher, async t =>
        {
            var events = new EvlPollEvent[1];
            if ((await t.AddPollfdAsync(set, fd, PollEvents.In)).IsSuccess)
                await t.EvlPollAsync(set, events);
        });
        Task polling = app.Run(poller, async t =>
        {
            PollFd[] fds = [new PollFd(fd, PollEvents.In)];
            await t.PollAsync(fds, 1);
            await t.PollAsync(fds, 1);
        });
        Task closing = app.Run(closer, async t =>
        {
            await t.WriteAsync(fd, new byte[1]);
            int copy = await t.DupAsync(fd).OrThrow();
            await t.Dup2Async(0, fd);
            await t.WriteAsync(copy, new byte[1]);
            await t.CloseAsync(copy);
        });
        await reading;
        await watching;
        await polling;
        await closing;
    }

    private sealed class WireDevice : CharDevice
    {
        private readonly WaitQueue _readers = new();
        private readonly WaitQueueHead _pollers = new();
        private int _bytes;

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask OobRead(IoCall call)
        {
            while (_bytes == 0)
            {
                if (await _readers.Wait(call) is { IsError: true } interrupted)
                    return interrupted;
            }
            _bytes--;
            return 1;
        }

        protected internal override IoTask Write(IoCall call)
        {
            _bytes++;
            _readers.WakeAll(key: PollEvents.In);
            _pollers.WakeUpInterruptible(PollEvents.In);
            return SysResult.Ok(1);
        }

        protected internal override PollEvents Poll(PollTable table)
        {
            table.PollWait(_pollers);
            return _bytes > 0 ? PollEvents.In : PollEvents.None;
        }

        protected internal override PollEvents OobPoll(PollTable table)
        {
            table.PollWait(_readers);
            return _bytes > 0 ? PollEvents.In : PollEvents.None;
        }

        protected internal override async IoTask Release(IoCall call)
        {
            _readers.Flush();
            await call.File.ReleaseOob();
            return 0;
        }
    }
}

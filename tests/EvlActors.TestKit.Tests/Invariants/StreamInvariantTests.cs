using EvlActors.Drivers;
using EvlActors.Xbufs;
using Xunit;

namespace EvlActors.TestKit.Tests;

public sealed class StreamInvariantTests
{
    private const int Size = 8;

    [Fact]
    public void Explore_WritersAndReadersOfBothStages_EveryByteOnceAndInOrder() =>
        Exploration.Explore(Transfer(static () => new XbufDevice(Size, Size)), seeds: 3_000).ThrowIfFailed();

    [Fact]
    public void Explore_ARingThatSpoilsAByte_Found()
    {
        ExplorationResult result = Exploration.Explore(Transfer(static () => new SpoilingXbuf()), seeds: 100);
        Assert.Equal("bytes", Assert.IsType<InvariantViolatedException>(result.Failure?.Cause.InnerException).Invariant);
    }

    [Fact]
    public void Explore_KernelWritersAndVectors_EveryByteOnceAndInOrder() => Exploration.Explore(
        async s =>
        {
            s.Machine.AddDevice("/dev/logger", static () => new LoggerDevice());
            EvlProcess app = s.Machine.CreateProcess();
            UserThread oob = app.CreateThread(SchedPolicy.Fifo, 50, "oob");
            UserThread ordinary = app.CreateThread(name: "ordinary");
            await oob.AttachAsync().OrThrow();
            int logger = await oob.OpenAsync("/dev/logger").OrThrow();
            int xbuf = await oob.CreateXbufAsync("log", Size, Size).OrThrow();
            Task outOfBand = app.Run(oob, async t =>
            {
                for (int i = 0; i < 3; i++)
                {
                    Assert.Equal(LoggerDevice.Line.Length, await t.OobIoctlAsync(logger, 1, (long)xbuf).OrThrow());
                    await t.OobReadAsync(xbuf, new byte[5]).OrThrow();
                }
            });
            Task inBand = app.Run(ordinary, async t =>
            {
                byte[] line = new byte[LoggerDevice.Line.Length];
                for (byte i = 0; i < 3; i++)
                {
                    await t.WritevAsync(xbuf, [new byte[] { i, 1 }, new byte[] { i, 2, 3 }]).OrThrow();
                    await t.ReadAsync(xbuf, line).OrThrow();
                    Assert.Equal(LoggerDevice.Line, line);
                }
            });
            await outOfBand;
            await inBand;
        },
        seeds: 1_000).ThrowIfFailed();

    private static Func<SimulationScenario, Task> Transfer(Func<XbufDevice> make) => async s =>
    {
        s.Machine.AddDevice("/dev/xbuf", make);
        EvlProcess app = s.Machine.CreateProcess();
        UserThread[] writers = [app.CreateThread(SchedPolicy.Fifo, 50, "one"), app.CreateThread(SchedPolicy.Fifo, 40, "other")];
        UserThread reader = app.CreateThread(name: "reader");
        foreach (UserThread writer in writers)
            await writer.AttachAsync().OrThrow();
        int fd = await reader.OpenAsync("/dev/xbuf", OpenFlags.ReadWrite).OrThrow();
        byte next = 1;
        Task[] writing = [.. writers.Select(writer => app.Run(writer, async t =>
        {
            for (int i = 0; i < 3; i++)
            {
                byte[] bytes = [.. Enumerable.Range(0, 1 + s.Draw(Size - 1)).Select(_ => next++)];
                // Some fault; what they did not give reads as zeros.
                await t.OobWriteAsync(fd, s.Draw(4) == 0 ? UserBuffer.FaultingAt(bytes, s.Draw(bytes.Length)) : bytes);
            }
        }))];
        bool isOver = false;
        Task reading = app.Run(reader, async t =>
        {
            await t.FcntlAsync(fd, FcntlCommand.SetFl, (long)OpenFlags.NonBlock);
            var fds = new PollFd[] { new(fd, PollEvents.In) };
            while (!isOver || await t.PollAsync(fds, 0).OrThrow() > 0)
            {
                await t.PollAsync(fds, 1);
                await t.ReadAsync(fd, new byte[1 + s.Draw(Size)]);
            }
        });
        foreach (Task writer in writing)
            await writer;
        isOver = true;
        await reading;
    };

    // Logs to the cross-buffer that an ioctl names.
    private sealed class LoggerDevice : CharDevice
    {
        internal static readonly byte[] Line = [7, 8, 9];

        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override async IoTask OobIoctl(IoCall call)
        {
            using XbufReference? xbuf = await XbufReference.Get(call, (int)call.Argument);
            return xbuf is null ? Errno.EBADF : await xbuf.Write(call, Line);
        }

        protected internal override async IoTask Release(IoCall call)
        {
            await call.File.ReleaseOob();
            return 0;
        }
    }

    private sealed class SpoilingXbuf() : XbufDevice(Size, Size)
    {
        internal override void EndWrite(Ring ring, bool isWhole)
        {
            ring.First(new RingSlot(0, 1))[0] ^= 0x80;
            base.EndWrite(ring, isWhole);
        }
    }
}

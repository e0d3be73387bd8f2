using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Behaviour.InBand;

/// <summary>Positions: lseek, positioned and vectored transfers, who shares what.</summary>
public abstract class PositionTests(EngineUnderTest engine) : MachineTests(engine)
{
    [Fact, Trait("Case", "C252"), Trait("Case", "C253"), Trait("Case", "C258")]
    public Task SeekAndPositioned_NotSeekable_ErrorsInOrder() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/nonseek", () => new MemoryDevice(10) { Seekable = false });
        s.Machine.AddDevice("/dev/empty", () => new EmptyDevice());
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/nonseek", OpenFlags.ReadOnly).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, 0, (Whence)5)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, 0, (Whence)(-1))).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(fd, 0)).Errno);
        Assert.Equal(Errno.EBADF, (await t.LseekAsync(50, 0, (Whence)5)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.PreadAsync(50, new byte[1], -1)).Errno);
        Assert.Equal(Errno.EBADF, (await t.PreadAsync(50, new byte[1], 0)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.PwriteAsync(50, new byte[1], -1)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PreadAsync(fd, new byte[1], 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PwriteAsync(fd, new byte[1], 0)).Errno);
        Assert.Equal(3, (await t.ReadAsync(fd, new byte[3])).Value);
        Assert.Equal(2, (await Bytes(t, fd, 2)).Length);
        int empty = await t.OpenAsync("/dev/empty", OpenFlags.ReadOnly).OrThrow();
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(empty, 0, (Whence)5)).Errno);
        Assert.Equal(Errno.EBADF, (await t.PwriteAsync(empty, new byte[1], 0)).Errno);
    });

    [Fact, Trait("Case", "C255"), Trait("Case", "C256")]
    public Task Position_SharedByDups_NotBySecondOpen_NotMovedByPread() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/m", () => new MemoryDevice(32));
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/m").OrThrow();
        int dup = await t.DupAsync(fd).OrThrow();
        int other = await t.OpenAsync("/dev/m").OrThrow();
        Assert.Equal((byte[])[0, 1, 2], await Bytes(t, fd, 3));
        Assert.Equal((byte[])[3, 4], await Bytes(t, dup, 2));
        Assert.Equal((byte[])[0], await Bytes(t, other, 1));
        byte[] at = new byte[2];
        Assert.Equal(2, (await t.PreadAsync(dup, at, 20)).Value);
        Assert.Equal([20, 21], at);
        Assert.Equal(2, (await t.PwriteAsync(fd, new byte[] { 99, 98 }, 6)).Value);
        Assert.Equal((byte[])[5, 99, 98, 8], await Bytes(t, fd, 4));
        Assert.Equal(9, (await t.LseekAsync(dup, 0, Whence.Current)).Value);
        Assert.Equal(30, (await t.LseekAsync(dup, -2, Whence.End)).Value);
        Assert.Equal((byte[])[30, 31], await Bytes(t, fd, 5));
        Assert.Equal((byte[])[], await Bytes(t, fd, 5));
    });

    [Fact, Trait("Case", "C257")]
    public Task Lseek_Errors_PositionUnchanged() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/m", () => new MemoryDevice(32));
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/m").OrThrow();
        Assert.Equal(32, (await t.LseekAsync(fd, 0, Whence.End)).Value);
        Assert.Equal(10, (await t.LseekAsync(fd, 10)).Value);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, -11, Whence.Current)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, -1)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(fd, long.MaxValue, Whence.Current)).Errno);
        Assert.Equal(Errno.ENXIO, (await t.LseekAsync(fd, 32, Whence.Data)).Errno);
        Assert.Equal(Errno.ENXIO, (await t.LseekAsync(fd, 33, Whence.Hole)).Errno);
        Assert.Equal(10, (await t.LseekAsync(fd, 0, Whence.Current)).Value);
        Assert.Equal(5, (await t.LseekAsync(fd, 5, Whence.Data)).Value);
        Assert.Equal(32, (await t.LseekAsync(fd, 5, Whence.Hole)).Value);
        Assert.Equal(1L << 40, (await t.LseekAsync(fd, 1L << 40)).Value);
    });

    [Fact]
    public Task Lseek_Helpers_AsNamed() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/fixed", () => new MemoryDevice(16) { Seek = call => call.FixedSizeLlseek(16) });
        s.Machine.AddDevice("/dev/noop", () => new MemoryDevice(16) { Seek = call => call.NoopLlseek() });
        s.Machine.AddDevice("/dev/none", () => new MemoryDevice(16) { Seek = call => call.NoLlseek() });
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int @fixed = await t.OpenAsync("/dev/fixed").OrThrow();
        Assert.Equal(16, (await t.LseekAsync(@fixed, 16)).Value);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(@fixed, 17)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(@fixed, 1, Whence.Current)).Errno);
        Assert.Equal(Errno.EINVAL, (await t.LseekAsync(@fixed, 0, Whence.Data)).Errno);
        Assert.Equal(12, (await t.LseekAsync(@fixed, -4, Whence.End)).Value);
        Assert.Equal(12, (await t.LseekAsync(@fixed, 0, Whence.Current)).Value);
        int noop = await t.OpenAsync("/dev/noop").OrThrow();
        await Bytes(t, noop, 5);
        Assert.Equal(5, (await t.LseekAsync(noop, 1)).Value);
        Assert.Equal((byte[])[5], await Bytes(t, noop, 1));
        int none = await t.OpenAsync("/dev/none").OrThrow();
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(none, 0)).Errno);
        Assert.Equal(1, (await t.PreadAsync(none, new byte[1], 3)).Value);
    });

    [Fact]
    public Task Lseek_BeyondTheTypeOfA32BitCaller_Eoverflow() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/m", () => new MemoryDevice(16));
        UserThread t = s.Machine.CreateProcess(new EvlProcessOptions { Is32Bit = true }).CreateThread();
        int fd = await t.OpenAsync("/dev/m").OrThrow();
        Assert.Equal(int.MaxValue, (await t.LseekAsync(fd, int.MaxValue)).Value);
        Assert.Equal(Errno.EOVERFLOW, (await t.LseekAsync(fd, 1, Whence.Current)).Errno);
    });

    [Fact]
    public Task Position_HandlerFails_NotMoved() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/m", () => new MemoryDevice(16));
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/m").OrThrow();
        await Bytes(t, fd, 2);
        Assert.Equal(Errno.EFAULT, (await t.ReadAsync(fd, UserBuffer.Bad(4))).Errno);
        Assert.Equal((byte[])[2], await Bytes(t, fd, 1));
    });

    [Fact]
    public Task Readv_Parts_StopsAtTheFirstShortOne() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/m", () => new MemoryDevice(10));
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/m").OrThrow();
        byte[] a = new byte[3], b = new byte[4], c = new byte[5], d = new byte[6];
        Assert.Equal(7, (await t.ReadvAsync(fd, [a, b])).Value);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], [.. a, .. b]);
        Assert.Equal(3, (await t.ReadvAsync(fd, [c, d])).Value);
        Assert.Equal([7, 8, 9], c[..3]);
        Assert.Equal(new byte[6], d);
        Assert.Equal(0, (await t.ReadvAsync(fd, [a, b])).Value);
        await t.LseekAsync(fd, 0);
        Assert.Equal(3, (await t.ReadvAsync(fd, [a, UserBuffer.Bad(2), b])).Value);
        Assert.Equal(Errno.EFAULT, (await t.ReadvAsync(fd, [UserBuffer.Bad(2), b])).Errno);
        Assert.Equal((byte[])[3], await Bytes(t, fd, 1));
    });

    [Fact]
    public Task Writev_Parts_PositionCarriesOn() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/m", () => new MemoryDevice(10));
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/m").OrThrow();
        byte[] first = [50, 51], second = [60, 61, 62], third = new byte[20];
        Assert.Equal(5, (await t.WritevAsync(fd, [first, Array.Empty<byte>(), second])).Value);
        Assert.Equal(5, (await t.WritevAsync(fd, [third, first])).Value);
        await t.LseekAsync(fd, 0);
        Assert.Equal((byte[])[50, 51, 60, 61, 62, 0, 0, 0, 0, 0], await Bytes(t, fd, 20));
        Assert.Equal(0, (await t.WritevAsync(fd, [])).Value);
        Assert.Equal(0, (await t.WritevAsync(fd, [Array.Empty<byte>()])).Value);
        Assert.Equal(Errno.EINVAL, (await t.WritevAsync(fd, new UserBuffer[1025])).Errno);
    });

    [Fact]
    public Task Readv_SecondPartInterrupted_FirstIsAnswered() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread writer = await s.OobThread(app);
        UserThread reader = app.CreateThread();
        int fd = await reader.CreateXbufAsync(null, 64, 64).OrThrow();
        Assert.Equal(4, (await writer.OobWriteAsync(fd, new byte[4])).Value);
        ValueTask<SysResult> reading = reader.ReadvAsync(fd, [new byte[4], new byte[4]]);
        await s.UntilAsleep(reader);
        reader.Unblock();
        Assert.Equal(4, (await reading).Value);
    });

    [Fact, Trait("Case", "C259")]
    public Task StreamFile_ReaderAsleep_WriterOnTheSameDescriptorGoesOn() => Play(async s =>
    {
        EvlProcess app = s.Machine.CreateProcess();
        UserThread oob = await s.OobThread(app);
        UserThread reader = app.CreateThread();
        UserThread writer = app.CreateThread();
        int fd = await reader.CreateXbufAsync(null, 64, 64).OrThrow();
        ValueTask<SysResult> reading = reader.ReadAsync(fd, new byte[2]);
        await s.UntilAsleep(reader);
        Assert.Equal(2, (await writer.WriteAsync(fd, new byte[2])).Value);
        Assert.Equal(2, (await oob.OobWriteAsync(fd, new byte[2])).Value);
        Assert.Equal(2, (await reading).Value);
    });

    [Fact]
    public Task ParallelReaders_OneDescription_EachByteAtMostOncePerPosition() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/m", () => new MemoryDevice(64));
        EvlProcess app = s.Machine.CreateProcess();
        UserThread a = app.CreateThread(), b = app.CreateThread();
        int fd = await a.OpenAsync("/dev/m").OrThrow();
        for (int i = 0; i < 8; i++)
        {
            byte[] first = new byte[2], second = new byte[2];
            long from = (await a.LseekAsync(fd, 0, Whence.Current)).Value;
            ValueTask<SysResult> one = a.ReadAsync(fd, first), two = b.ReadAsync(fd, second);
            Assert.Equal(2, (await one).Value);
            Assert.Equal(2, (await two).Value);
            // No position lock on a character device: both may have begun at the same position, none beyond the second.
            long to = (await a.LseekAsync(fd, 0, Whence.Current)).Value;
            Assert.True(to == from + 2 || to == from + 4, $"{from} to {to}");
            Assert.All([first, second], bytes => Assert.True(bytes[0] == from || bytes[0] == from + 2));
        }
    });

    [Fact, Trait("Rule", "J")]
    public Task StreamFile_HasNoPosition_NonSeekableKeepsOne() => Play(async s =>
    {
        s.Machine.AddDevice("/dev/stream", () => new MemoryDevice(8) { Seekable = false, IsStream = true });
        s.Machine.AddDevice("/dev/nonseek", () => new MemoryDevice(8) { Seekable = false });
        UserThread t = s.Machine.CreateProcess().CreateThread();
        int stream = await t.OpenAsync("/dev/stream").OrThrow();
        Assert.Equal((byte[])[0, 1], await Bytes(t, stream, 2));
        Assert.Equal((byte[])[0, 1], await Bytes(t, stream, 2));
        Assert.Equal(Errno.ESPIPE, (await t.LseekAsync(stream, 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PreadAsync(stream, new byte[1], 0)).Errno);
        Assert.Equal(Errno.ESPIPE, (await t.PwriteAsync(stream, new byte[1], 0)).Errno);
        int nonSeekable = await t.OpenAsync("/dev/nonseek").OrThrow();
        Assert.Equal((byte[])[0, 1], await Bytes(t, nonSeekable, 2));
        Assert.Equal((byte[])[2, 3], await Bytes(t, nonSeekable, 2));
        // Not seekable comes before the wrong mode.
        int writeOnly = await t.OpenAsync("/dev/nonseek", OpenFlags.WriteOnly).OrThrow();
        Assert.Equal(Errno.ESPIPE, (await t.PreadAsync(writeOnly, new byte[1], 0)).Errno);
    });

    private static async Task<byte[]> Bytes(UserThread t, int fd, int count)
    {
        byte[] bytes = new byte[count];
        int read = (await t.ReadAsync(fd, bytes)).OrThrow();
        return bytes[..read];
    }

    private sealed class MemoryDevice : CharDevice
    {
        private readonly byte[] _memory;

        internal MemoryDevice(int size)
        {
            _memory = [.. Enumerable.Range(0, size).Select(i => (byte)i)];
            Seek = call => call.DefaultLlseek(_memory.Length);
        }

        internal bool Seekable { get; init; } = true;

        internal bool IsStream { get; init; }

        internal Func<IoCall, SysResult> Seek { get; init; }

        protected internal override IoTask Open(IoCall call)
        {
            if (IsStream)
                call.File.Stream();
            else if (!Seekable)
                call.File.NonSeekable();
            return SysResult.Ok();
        }

        protected internal override IoTask Llseek(IoCall call) => Seek(call);

        protected internal override async IoTask Read(IoCall call)
        {
            int at = (int)Math.Min(call.Position, _memory.Length);
            int count = (int)Math.Min(call.Count, _memory.Length - at);
            // As drivers do it in their haste: the position moves before the copy is known to succeed.
            call.Position += count;
            return await call.CopyToUser(_memory.AsMemory(at, count)) == 0 ? count : Errno.EFAULT;
        }

        protected internal override async IoTask Write(IoCall call)
        {
            int at = (int)Math.Min(call.Position, _memory.Length);
            int count = (int)Math.Min(call.Count, _memory.Length - at);
            call.Position += count;
            return await call.CopyFromUser(_memory.AsMemory(at, count)) == 0 ? count : Errno.EFAULT;
        }
    }
}

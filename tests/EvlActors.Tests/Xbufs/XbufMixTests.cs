using EvlActors.Behaviour;
using Xunit;

namespace EvlActors.Tests.Xbufs;

/// <summary>
/// Readers and writers of all ranks at both rings of a small cross-buffer, disturbed by signals, dup2, closes and polls: no byte is lost
/// or doubled, and every call is answered.
/// </summary>
public sealed class XbufMixTests
{
    private const int Size = 4;
    private const int BytesEachWay = 24;
    private const int Ops = 12;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Mix_Explored_NothingLost(bool isSlow, bool mergesTurns) => Exploration.Explore(
        s => Mix(s.Machine, s.Draw, isSlow, stalls: false), 3_000,
        new ExplorationOptions { Simulation = new SimulationOptions { MergesTurns = mergesTurns } }).ThrowIfFailed();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Mix_OnRealThreads_NothingLost(bool isSlow)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            int Draw(int limit)
            {
                lock (random)
                    return random.Next(limit);
            }
            await using var machine = new EvlMachine();
            await Mix(machine, Draw, isSlow, stalls: isSlow).WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private static async Task Mix(EvlMachine machine, Func<int, int> draw, bool isSlow, bool stalls)
    {
        machine.AddDevice("/dev/transfer", () => new TransferDevice());
        EvlProcess app = machine.CreateProcess();
        UserThread main = app.CreateThread(name: "main");
        await main.InitAsync().OrThrow();
        int first = await main.CreateXbufAsync("/x", Size, Size).OrThrow();
        int second = await main.OpenAsync("/dev/evl/xbuf/x").OrThrow();
        // Nobody closes it: the kernel side's reference would keep a release waiting.
        int third = await main.OpenAsync("/dev/evl/xbuf/x").OrThrow();
        await main.SigactionAsync(Signal.SIGUSR1, SigAction.Handle(_ => { }, draw(2) == 0)).OrThrow();
        var threads = new List<UserThread>();
        async Task<UserThread> New(string name, int priority, bool attach)
        {
            UserThread t = app.CreateThread(priority == 0 ? SchedPolicy.Other : SchedPolicy.Fifo, priority, name);
            if (attach)
                await t.AttachAsync().OrThrow();
            threads.Add(t);
            return t;
        }
        var inbound = new Stream();
        var outbound = new Stream();
        UserThread[] inWriters = [await New("oob writer 70", 70, true), await New("oob writer 30", 30, true)];
        UserThread[] inReaders = [await New("reader", 0, false), await New("reader 20", 20, true), await New("reader'", 0, false)];
        UserThread[] outWriters = [await New("writer", 0, false), await New("writer 25", 25, true)];
        UserThread[] outReaders = [await New("oob reader 80", 80, true), await New("oob reader 10", 10, true), await New("oob reader 10'", 10, true)];
        UserThread kernel = await New("kernel side", 40, true);
        UserThread disturber = app.CreateThread(name: "disturber");
        UserThread poller = app.CreateThread(name: "poller");
        int device = await kernel.OpenAsync("/dev/transfer").OrThrow();
        await kernel.OobIoctlAsync(device, TransferDevice.Bind, third).OrThrow();
        // Bytes that count up from 0, so they are counted and not told apart.
        int[] kernelWrites = [.. Enumerable.Range(0, 3).Select(_ => 1 + draw(Size))];
        inbound.Owe(kernelWrites.Sum());
        var pages = new List<TaskCompletionSource>();
        bool isOver = false;
        UserBuffer User(byte[] bytes, bool maySleep)
        {
            switch (isSlow ? draw(4) : 0)
            {
                case 1:
                    return UserBuffer.FaultingAt(bytes, bytes.Length);
                case 2 when stalls && maySleep:
                    var page = new TaskCompletionSource();
                    lock (pages)
                    {
                        pages.Add(page);
                        if (isOver)
                            page.SetResult();
                    }
                    return UserBuffer.StallingUntil(bytes, page.Task);
                default:
                    return bytes;
            }
        }
        void LetPagesCome(bool isLast)
        {
            TaskCompletionSource[] all;
            lock (pages)
            {
                all = [.. pages];
                pages.Clear();
                isOver |= isLast;
            }
            foreach (TaskCompletionSource page in all)
                page.TrySetResult();
        }
        int Any() => draw(2) == 0 ? first : second;
        async Task Write(UserThread t, Stream stream, bool isOob)
        {
            while (stream.NextMessage(1 + draw(Size)) is { Length: > 0 } bytes)
            {
                while (true)
                {
                    SysResult result = isOob ? await t.OobWriteAsync(Any(), User(bytes, false)) : await t.WriteAsync(Any(), User(bytes, true));
                    if (!result.IsError)
                    {
                        Assert.Equal(bytes.Length, result);
                        break;
                    }
                    Assert.Contains(result.Errno, isOob ? [Errno.EINTR, Errno.EIDRM] : new[] { Errno.EINTR });
                }
            }
        }
        async Task Read(UserThread t, Stream stream, bool isOob)
        {
            while (stream.Claim(1 + draw(Size)) is > 0 and int left)
            {
                while (left > 0)
                {
                    byte[] bytes = new byte[left];
                    SysResult result = isOob ? await t.OobReadAsync(Any(), User(bytes, false)) : await t.ReadAsync(Any(), User(bytes, true));
                    if (result.IsError)
                    {
                        Assert.Contains(result.Errno, isOob ? [Errno.EINTR, Errno.EIDRM] : new[] { Errno.EINTR });
                        continue;
                    }
                    stream.Got(bytes.AsSpan(0, (int)result.Value));
                    left -= (int)result.Value;
                }
            }
        }
        async Task Kernel()
        {
            foreach (int count in kernelWrites)
            {
                SysResult written;
                while ((written = await kernel.OobIoctlAsync(device, TransferDevice.WriteXbuf, count)).IsError)
                    Assert.Equal(Errno.EIDRM, written.Errno);
                Assert.Equal(count, written);
                for (int left = outbound.Claim(1 + draw(Size)); left > 0;)
                {
                    SysResult result = await kernel.OobIoctlAsync(device, TransferDevice.ReadXbuf, left);
                    if (result.IsError)
                    {
                        Assert.Equal(Errno.EIDRM, result.Errno);
                        continue;
                    }
                    outbound.Skip((int)result.Value);
                    left -= (int)result.Value;
                }
            }
        }
        async Task Disturb()
        {
            for (int i = 0; i < Ops; i++)
            {
                switch (draw(6))
                {
                    case 0:
                        await disturber.Dup2Async(first, second).OrThrow();
                        break;
                    case 1:
                        await disturber.Dup2Async(second, first).OrThrow();
                        break;
                    case 2:
                        await disturber.CloseAsync(await disturber.OpenAsync("/dev/evl/xbuf/x").OrThrow()).OrThrow();
                        break;
                    case 3:
                        LetPagesCome(isLast: false);
                        break;
                    default:
                        await threads[draw(threads.Count - 1)].Kill(Signal.SIGUSR1).OrThrow();
                        break;
                }
            }
            LetPagesCome(isLast: true);
        }
        async Task Poll()
        {
            for (int i = 0; i < 6; i++)
            {
                PollFd[] fds = [new PollFd { Fd = Any(), Events = PollEvents.In | PollEvents.Out }];
                await poller.PollAsync(fds, draw(2) == 0 ? 0 : 1).OrThrow();
            }
        }
        var all = new List<Task>();
        foreach (UserThread t in inWriters)
            all.Add(app.Run(t, x => Write(x, inbound, isOob: true)));
        foreach (UserThread t in inReaders)
            all.Add(app.Run(t, x => Read(x, inbound, isOob: false)));
        foreach (UserThread t in outWriters)
            all.Add(app.Run(t, x => Write(x, outbound, isOob: false)));
        foreach (UserThread t in outReaders)
            all.Add(app.Run(t, x => Read(x, outbound, isOob: true)));
        all.Add(app.Run(kernel, _ => Kernel()));
        all.Add(app.Run(disturber, _ => Disturb()));
        all.Add(app.Run(poller, _ => Poll()));
        await Task.WhenAll(all);
        inbound.CheckAll();
        outbound.CheckAll();
        await kernel.OobIoctlAsync(device, TransferDevice.Unbind).OrThrow();
        foreach (int fd in new[] { first, second, third, device })
            await main.CloseAsync(fd).OrThrow();
    }

    private sealed class Stream
    {
        private readonly List<byte> _written = [];
        private readonly List<byte> _got = [];
        private int _unwritten = BytesEachWay;
        private int _unclaimed = BytesEachWay;
        private byte _next = 16;
        private int _skipped;
        private int _owed;

        internal byte[] NextMessage(int most)
        {
            lock (this)
            {
                int count = Math.Min(most, _unwritten);
                _unwritten -= count;
                byte[] bytes = new byte[count];
                for (int i = 0; i < count; i++)
                    bytes[i] = _next++;
                _written.AddRange(bytes);
                return bytes;
            }
        }

        internal int Claim(int most)
        {
            lock (this)
            {
                int count = Math.Min(most, _unclaimed);
                _unclaimed -= count;
                return count;
            }
        }

        internal void Got(ReadOnlySpan<byte> bytes)
        {
            lock (this)
                _got.AddRange(bytes);
        }

        internal void Skip(int count)
        {
            lock (this)
                _skipped += count;
        }

        // More will be written, so more may be claimed.
        internal void Owe(int count)
        {
            lock (this)
            {
                _owed += count;
                _unclaimed += count;
            }
        }

        internal void CheckAll()
        {
            Assert.Equal(BytesEachWay + _owed, _got.Count + _skipped);
            byte[] told = [.. _got.Where(b => b >= 16).Order()];
            Assert.Equal(told.Distinct(), told);
            Assert.All(told, b => Assert.Contains(b, _written));
            if (_skipped == 0)
                Assert.Equal(_written, told);
        }
    }
}

using System.Buffers;
using System.Runtime.CompilerServices;
using EvlActors.Actors;
using EvlActors.Behaviour;
using EvlActors.Drivers;
using EvlActors.Engine;
using Xunit;

namespace EvlActors.Tests.Engine;

/// <summary>A message that is next is handled without queues: that changes no order, within a lane or between lanes.</summary>
public sealed class PriorityEngineTurnOrderTests
{
    // Every thread runs the out-of-band lane itself.
    private static readonly EvlMachineOptions s_anyThreadRuns = new() { PriorityEngine = new PriorityEngineOptions { RealTime = false } };

    [Fact]
    public async Task Tell_ManyActorsOfALane_ByRankThenByArrival()
    {
        const int Actors = 6;
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor sender = bench.Spawn("sender");
        ScriptedActor[] actors = [.. Enumerable.Range(0, Actors).Select(i => bench.Spawn($"actor {i}"))];
        Door door = bench.Door();
        var random = new Random(3);
        for (int round = 0; round < 200; round++)
        {
            // At most one message for each actor: then the lane's order is that of the messages.
            Rank[] ranks = [.. Enumerable.Range(0, Actors).Select(_ => Rank.Oob(random.Next(3)))];
            var handled = new List<int>();
            var done = new Tally(Actors);
            await door.Ask(sender.Self, () =>
            {
                for (int i = 0; i < Actors; i++)
                {
                    int number = i;
                    actors[i].Self.Tell(new Work(() =>
                    {
                        handled.Add(number);
                        done.Set();
                    }), ranks[i]);
                }
            });
            await done.Ended;
            Assert.Equal(Enumerable.Range(0, Actors).OrderBy(i => ranks[i].Level), handled);
        }
    }

    [Fact]
    public async Task Stop_OfTheActorThatIsNext_ItsMessageIsGivenBackOnce()
    {
        await using var engine = new PriorityEngine();
        var bench = new ActorBench(engine);
        ScriptedActor sender = bench.Spawn("sender");
        for (int round = 0; round < 50; round++)
        {
            ScriptedActor stopped = bench.Spawn("stopped");
            var givenBack = new Tally();
            int handled = 0;
            var work = new Work(() => handled++, _ => givenBack.Set());
            await bench.Door().Ask(sender.Self, () =>
            {
                stopped.Self.Tell(work, Rank.Head);
                engine.Stop(stopped.Self);
            });
            await givenBack.Ended;
            Assert.Equal(UndeliverableReason.Stopped, work.Reason);
            Assert.Equal(0, handled);
        }
    }

    [Fact]
    public async Task EventListener_LeavesContextsBehind_NextTurnHasNone()
    {
        var local = new AsyncLocal<string?>();
        await using var machine = new EvlMachine();
        using IDisposable listening = machine.Events.Subscribe(_ =>
        {
            local.Value = "left behind";
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        });
        EvlProcess process = machine.CreateProcess();
        UserThread thread = process.CreateThread();
        await process.StartThread(thread, t =>
        {
            t.Attach().OrThrow();
            Assert.Null(local.Value);
            Assert.Null(SynchronizationContext.Current);
        });
    }

    [Fact]
    public async Task EventListener_CallerHasContext_SeesNoneAndCallerKeepsIt()
    {
        var callers = new SynchronizationContext();
        var seen = new List<SynchronizationContext?>();
        await using var machine = new EvlMachine();
        using IDisposable listening = machine.Events.Subscribe(_ => seen.Add(SynchronizationContext.Current), MachineEventKind.CallEntered);
        EvlProcess process = machine.CreateProcess();
        await process.StartThread(process.CreateThread(), t =>
        {
            SynchronizationContext.SetSynchronizationContext(callers);
            Assert.Equal(Errno.EBADF, t.Write(99, new byte[1]));
            Assert.Same(callers, SynchronizationContext.Current);
            SynchronizationContext.SetSynchronizationContext(null);
        });
        Assert.NotEmpty(seen);
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public async Task FaultFilter_Throws_CallerKeepsItsContext()
    {
        var callers = new SynchronizationContext();
        await using var machine = new EvlMachine(s_anyThreadRuns);
        EvlProcess process = machine.CreateProcess();
        await process.StartThread(process.CreateThread(), t =>
        {
            t.Attach().OrThrow();
            int fd = t.CreateXbuf("filtered", inboundBytes: 8, outboundBytes: 8).OrThrow();
            machine.Faults.Set(FaultPoint.UserCopy, new FaultAttributes { Probability = 100, TaskFilter = _ => throw new InvalidOperationException() });
            SynchronizationContext.SetSynchronizationContext(callers);
            SysResult written = t.OobWrite(fd, new byte[1]);
            SynchronizationContext? after = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            Assert.Equal(Errno.EIO, written);
            Assert.Same(callers, after);
        });
    }

    [Fact]
    public async Task OwnerOfUserMemory_CallerHasContext_SeesNoneAndCallerKeepsIt()
    {
        var callers = new SynchronizationContext();
        using var memory = new WatchedMemory();
        await using var machine = new EvlMachine(s_anyThreadRuns);
        EvlProcess process = machine.CreateProcess();
        await process.StartThread(process.CreateThread(), t =>
        {
            t.Attach().OrThrow();
            int fd = t.CreateXbuf("watched", inboundBytes: 8, outboundBytes: 8).OrThrow();
            SynchronizationContext.SetSynchronizationContext(callers);
            SysResult written = t.OobWrite(fd, new UserBuffer(memory.Memory));
            SynchronizationContext? after = SynchronizationContext.Current;
            SynchronizationContext.SetSynchronizationContext(null);
            Assert.Equal(WatchedMemory.Size, written);
            Assert.Same(callers, after);
        });
        Assert.NotEmpty(memory.Seen);
        Assert.All(memory.Seen, Assert.Null);
    }

    [Fact]
    public async Task CallersContexts_CallerHasGone_AreNotKept()
    {
        await using var machine = new EvlMachine(s_anyThreadRuns);
        machine.AddDevice("/dev/foreign", () => new ForeignDevice());
        EvlProcess process = machine.CreateProcess();
        WeakReference? synchronization = null;
        WeakReference? local = null;
        await process.StartThread(process.CreateThread(), t =>
        {
            t.Attach().OrThrow();
            int device = t.Open("/dev/foreign", OpenFlags.ReadWrite).OrThrow();
            int xbuf = t.CreateXbuf("own", inboundBytes: 8, outboundBytes: 8).OrThrow();
            (synchronization, local) = WriteWithContexts(t, device);
            // The lane's next owners run the machine's own code only.
            t.OobWrite(xbuf, new byte[1]).OrThrow();
            t.OobWrite(xbuf, new byte[1]).OrThrow();
            GC.Collect();
            Assert.False(synchronization.IsAlive);
            Assert.False(local.IsAlive);
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Synchronization, WeakReference Local) WriteWithContexts(UserThread t, int device)
    {
        var synchronization = new SynchronizationContext();
        object value = new();
        var local = new AsyncLocal<object?>();
        ExecutionContext before = ExecutionContext.Capture()!;
        SynchronizationContext.SetSynchronizationContext(synchronization);
        local.Value = value;
        t.OobWrite(device, new byte[1]).OrThrow();
        SynchronizationContext.SetSynchronizationContext(null);
        ExecutionContext.Restore(before);
        return (new WeakReference(synchronization), new WeakReference(value));
    }

    [Fact]
    public async Task ConsoleWriter_LeavesContextsBehind_CallerHasNone()
    {
        var local = new AsyncLocal<string?>();
        var writer = new LitteringWriter(local);
        await using var machine = new EvlMachine(new EvlMachineOptions { Console = writer });
        EvlProcess process = machine.CreateProcess();
        await process.StartThread(process.CreateThread(), t =>
        {
            Assert.Equal(1, t.Write(1, new byte[1]));
            Assert.Null(local.Value);
            Assert.Null(SynchronizationContext.Current);
        });
        Assert.Equal(1, writer.Written);
    }

    private sealed class ForeignDevice : CharDevice
    {
        protected internal override IoTask Open(IoCall call)
        {
            call.File.OpenOob();
            return SysResult.Ok();
        }

        protected internal override IoTask OobWrite(IoCall call) => SysResult.Ok(1);
    }

    // Memory whose owner notes what it finds whenever it is asked for its bytes.
    private sealed class WatchedMemory : MemoryManager<byte>
    {
        internal const int Size = 4;

        private readonly byte[] _bytes = new byte[Size];

        internal List<SynchronizationContext?> Seen { get; } = [];

        public override Memory<byte> Memory => CreateMemory(Size);

        public override Span<byte> GetSpan()
        {
            Seen.Add(SynchronizationContext.Current);
            return _bytes;
        }

        protected override bool TryGetArray(out ArraySegment<byte> segment)
        {
            Seen.Add(SynchronizationContext.Current);
            segment = default;
            return false;
        }

        public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException();

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class LitteringWriter(AsyncLocal<string?> local) : StringWriter
    {
        internal int Written { get; private set; }

        public override void Write(string? value)
        {
            Written++;
            local.Value = "left behind";
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
        }
    }
}

using System.Runtime.CompilerServices;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.Xbufs;

/// <summary>
/// A cross-buffer: two rings between the stages. Counterpart of <c>struct evl_xbuf</c> (kernel/evl/xbuf.c). Inbound carries
/// oob_write and evl_write_xbuf to read; outbound carries write to oob_read and evl_read_xbuf.
/// </summary>
internal class XbufDevice(int inboundBytes, int outboundBytes) : CharDevice
{
    /// <summary>The largest ring, in bytes.</summary>
    internal const int MaxRingBytes = 1 << 30;

    // About as long as the turn that it saves.
    private const int CopiedAtOnce = 4096;

    private const PollEvents Readable = PollEvents.In | PollEvents.RdNorm;
    private const PollEvents Writable = PollEvents.Out | PollEvents.WrNorm;

    private readonly Ring _inbound = new(inboundBytes);
    private readonly Ring _outbound = new(outboundBytes);
    private readonly PollHead _inBandPollers = new();
    private readonly PollHead _oobPollers = new();
    private PollEvents _published = DeviceRef.UnknownLevel;

    /// <inheritdoc/>
    internal override IReadOnlyList<RingSnapshot> Rings =>
        [new("inbound", _inbound.Fill, _inbound.Size), new("outbound", _outbound.Fill, _outbound.Size)];

    /// <inheritdoc/>
    internal override (int Read, int Write) MostTransferred => (_inbound.Size, _outbound.Size);

    /// <inheritdoc/>
    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        call.File.Stream();
        _inbound.Watch = _outbound.Watch = call.Device.Context.RingWatch;
        PublishLevel();
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override async IoTask Release(IoCall call)
    {
        // Each release, not only the last one's, ends the out-of-band sleeps of the whole element; in-band sleepers hold a
        // reference on their own file and are not disturbed.
        _inbound.Writers.FlushOob();
        _outbound.Readers.FlushOob();
        await call.File.ReleaseOob();
        return 0;
    }

    /// <inheritdoc/>
    protected internal override IoTask Read(IoCall call) => ReadFrom(_inbound, call, call.Count, call.Least, call.NonBlocking);

    /// <inheritdoc/>
    protected internal override IoTask Write(IoCall call) => WriteTo(_outbound, call, call.Count, call.NonBlocking);

    /// <inheritdoc/>
    protected internal override IoTask OobRead(IoCall call) => ReadFrom(_outbound, call, call.Count, call.Least, call.NonBlocking);

    /// <inheritdoc/>
    protected internal override IoTask OobWrite(IoCall call) => WriteTo(_inbound, call, call.Count, call.NonBlocking);

    /// <inheritdoc/>
    protected internal override PollEvents Poll(PollTable table) =>
        PollRings(table, _inBandPollers, readable: _inbound, writable: _outbound);

    /// <inheritdoc/>
    protected internal override PollEvents OobPoll(PollTable table) =>
        PollRings(table, _oobPollers, readable: _outbound, writable: _inbound);

    /// <inheritdoc/>
    /// <remarks>What has its bytes or its space, and memory that is there.</remarks>
    internal override bool TryAnswer(Call call, DeviceActor device) => call.Buffer.Count > 0 && call.Buffer.IsPlain && call.Operation switch
    {
        FileOperation.Read => TryTake(_inbound, call, device),
        FileOperation.OobRead => TryTake(_outbound, call, device),
        FileOperation.Write => TryPut(_outbound, call, device),
        FileOperation.OobWrite => TryPut(_inbound, call, device),
        _ => false,
    };

    /// <inheritdoc/>
    internal override bool ParksAtMost(Call call) => call.Buffer.IsPlain && call.Operation is
        FileOperation.Read or FileOperation.Write or FileOperation.OobRead or FileOperation.OobWrite;

    /// <inheritdoc/>
    internal override bool EndsOrParks(IoCall call, out SysResult result) => call.Operation switch
    {
        FileOperation.Read => ReadPlain(_inbound, call, out result),
        FileOperation.OobRead => ReadPlain(_outbound, call, out result),
        FileOperation.Write => WritePlain(_outbound, call, out result),
        _ => WritePlain(_inbound, call, out result),
    };

    /// <inheritdoc/>
    internal override SysResult Complete(IoCall call)
    {
        var slot = new RingSlot(call.GrantedAt, (int)call.WaitResult.Value);
        return call.Operation switch
        {
            FileOperation.Read => Take(_inbound, slot, call),
            FileOperation.OobRead => Take(_outbound, slot, call),
            FileOperation.Write => Put(_outbound, slot, call),
            _ => Put(_inbound, slot, call),
        };
    }

    /// <inheritdoc/>
    internal override void ParkedEnds(IoCall call)
    {
        // A writer leaves its place: who waited behind it may fit now.
        if (call.Operation is FileOperation.Write or FileOperation.OobWrite)
            Settle(call.Operation == FileOperation.Write ? _outbound : _inbound);
    }

    /// <inheritdoc/>
    internal override IoTask InvokeTransfer(TransferContext context)
    {
        KernelTransfer transfer = context.Transferred;
        if (!transfer.NonBlocking && !transfer.MayBlock)
            return SysResult.Error(Errno.EPERM);
        return transfer.IsWrite
            ? WriteTo(_inbound, context, transfer.Data.Length, transfer.NonBlocking)
            : ReadFrom(
                _outbound, context, transfer.Data.Length, transfer.NonBlocking ? 1 : transfer.Data.Length, transfer.NonBlocking);
    }

    private static PollEvents PollRings(PollTable table, PollHead pollers, Ring readable, Ring writable)
    {
        table.Watch(pollers);
        return LevelOf(readable, writable);
    }

    private static PollEvents LevelOf(Ring readable, Ring writable) =>
        (readable.Fill > 0 ? Readable : PollEvents.None) | (writable.Fill < writable.Size ? Writable : PollEvents.None);

    // Before anybody is told of a change.
    private void PublishLevel()
    {
        PollEvents level = LevelOf(readable: _inbound, writable: _outbound);
        if (level == _published)
            return;
        _published = level;
        PublishLevel(level);
    }

    // In-band pollers hear of every commit, out-of-band ones of transitions. A transfer is never in both rings.
    private void SignalBytes(Ring ring, bool wasEmpty)
    {
        if (ring == _inbound)
            _inBandPollers.Signal(Readable);
        else if (wasEmpty)
            _oobPollers.Signal(Readable);
    }

    /// <summary>Space was freed: in-band pollers hear of it each time, out-of-band ones when the ring was full.</summary>
    internal virtual void SignalSpace(Ring ring, bool wasFull)
    {
        if (ring == _outbound)
            _inBandPollers.Signal(Writable);
        else if (wasFull)
            _oobPollers.Signal(Writable);
    }

    private IoTask ReadFrom(Ring ring, IoContext reader, long count, long least, bool nonBlocking)
    {
        if (Plain(reader) is { } plain)
            return ReadPlain(ring, plain, out SysResult result) ? result : IoTask.Parked;
        if (Refusal(ring, count) is { } refused)
            return refused;
        if (CanRead(ring, least, nonBlocking))
            return Take(ring, reader, ring.BeginRead((int)Math.Min(count, ring.Available)));
        return nonBlocking ? SysResult.Error(Errno.EAGAIN) : ReadAsleep(ring, reader, (int)least, (int)count);
    }

    // Without a task, which is large to hand from one to the next.
    private bool ReadPlain(Ring ring, IoCall reader, out SysResult result)
    {
        long count = reader.Count;
        long least = reader.Least;
        bool nonBlocking = reader.NonBlocking;
        if (Refusal(ring, count) is { } refused)
        {
            result = refused;
            return true;
        }
        if (CanRead(ring, least, nonBlocking))
        {
            result = Take(ring, ring.BeginRead((int)Math.Min(count, ring.Available)), reader);
            return true;
        }
        if (nonBlocking)
        {
            result = Errno.EAGAIN;
            return true;
        }
        reader.Wanted = (int)least;
        reader.WantedAtMost = (int)count;
        return !reader.Device.Waits.TryPark(ring.Readers, reader, out result);
    }

    private static SysResult? Refusal(Ring ring, long count) =>
        count == 0 ? SysResult.Ok()
        : ring.Size == 0 ? SysResult.Error(Errno.ENOBUFS)
        : count < 0 || count > ring.Size ? SysResult.Error(Errno.EINVAL)
        : null;

    // A short read prevents the deadlock of a reader that waits for more and a writer that waits for space.
    private static bool CanRead(Ring ring, long least, bool nonBlocking) =>
        ring.Available >= least || (ring.Available > 0 && !nonBlocking && !ring.Writers.IsEmpty);

    // Each on its own: as a part of the turn around them, they would use up what the JIT allows that to inline.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTake(Ring ring, Call call, DeviceActor device)
    {
        if (ring.Available < call.Buffer.Count)
            return false;
        device.Routed(call);
        Span<byte> user = call.Buffer.Plain;
        call.Result = Take(ring, ring.BeginRead(user.Length), user);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryPut(Ring ring, Call call, DeviceActor device)
    {
        if (ring.Space < call.Buffer.Count)
            return false;
        device.Routed(call);
        Span<byte> user = call.Buffer.Plain;
        call.Result = Put(ring, ring.BeginWrite(user.Length), user);
        return true;
    }

    // On its own, so that what is kept of it while it sleeps is little.
    private async IoTask ReadAsleep(Ring ring, IoContext reader, int least, int most)
    {
        reader.Wanted = least;
        reader.WantedAtMost = most;
        SysResult granted = await ring.Readers.Wait(reader);
        if (granted.IsError)
            return granted;
        var slot = new RingSlot(reader.GrantedAt, (int)granted.Value);
        return await Take(ring, reader, slot);
    }

    private SysResult Take(Ring ring, RingSlot slot, Span<byte> user)
    {
        Span<byte> first = ring.First(slot);
        first.CopyTo(user);
        if (first.Length < user.Length)
            ring.Second(slot).CopyTo(user[first.Length..]);
        return EndRead(ring, slot, user, isWhole: true);
    }

    // Of a call whose memory is there: only an injected fault keeps the copy from being whole.
    private SysResult Take(Ring ring, RingSlot slot, IoCall reader)
    {
        Span<byte> user = reader.Buffer.Plain[..slot.Count];
        return reader.FaultsAt(reader.IsOutOfBand ? "raw_copy_to_user" : "copy_to_user", slot.Count)
            ? EndRead(ring, slot, user, isWhole: false)
            : Take(ring, slot, user);
    }

    private async IoTask Take(Ring ring, IoContext reader, RingSlot slot)
    {
        bool isWhole = await CopyOut(reader, ring.FirstMemory(slot), 0);
        Memory<byte> rest = ring.SecondMemory(slot);
        if (isWhole && !rest.IsEmpty)
            isWhole = await CopyOut(reader, rest, slot.Count - rest.Length);
        return EndRead(ring, slot, UserBytes(reader), isWhole);
    }

    private SysResult EndRead(Ring ring, RingSlot slot, ReadOnlySpan<byte> user, bool isWhole)
    {
        ring.Watch?.Read(ring, slot.Start, slot.Count, user, isWhole);
        bool wasFull = ring.Fill == ring.Size;
        if (ring.EndRead())
        {
            PublishLevel();
            SignalSpace(ring, wasFull);
            Settle(ring);
        }
        // The slot is consumed either way: what a faulting reader did not get is lost.
        return isWhole ? slot.Count : Errno.EFAULT;
    }

    private IoTask WriteTo(Ring ring, IoContext writer, long count, bool nonBlocking)
    {
        if (Plain(writer) is { } plain)
            return WritePlain(ring, plain, out SysResult result) ? result : IoTask.Parked;
        if (Refusal(ring, count) is { } refused)
            return refused;
        if (ring.Space >= count)
            return Put(ring, writer, ring.BeginWrite((int)count));
        return nonBlocking ? SysResult.Error(Errno.EAGAIN) : WriteAsleep(ring, writer, (int)count);
    }

    private bool WritePlain(Ring ring, IoCall writer, out SysResult result)
    {
        long count = writer.Count;
        if (Refusal(ring, count) is { } refused)
        {
            result = refused;
            return true;
        }
        if (ring.Space >= count)
        {
            result = Put(ring, ring.BeginWrite((int)count), writer);
            return true;
        }
        if (writer.NonBlocking)
        {
            result = Errno.EAGAIN;
            return true;
        }
        writer.Wanted = (int)count;
        if (!writer.Device.Waits.TryPark(ring.Writers, writer, out result))
            return true;
        // A reader may sleep for more than there is: with a writer asleep it gets what there is.
        Settle(ring);
        return false;
    }

    private async IoTask WriteAsleep(Ring ring, IoContext writer, int wanted)
    {
        writer.Wanted = wanted;
        Wait wait = ring.Writers.Wait(writer);
        // A reader may sleep for more than there is: with a writer asleep it gets what there is.
        Settle(ring);
        SysResult granted = await wait;
        if (granted.IsError)
        {
            // It leaves its place: who waited behind it may fit now.
            Settle(ring);
            return granted;
        }
        var slot = new RingSlot(writer.GrantedAt, (int)granted.Value);
        return await Put(ring, writer, slot);
    }

    private SysResult Put(Ring ring, RingSlot slot, ReadOnlySpan<byte> user)
    {
        Span<byte> first = ring.First(slot);
        user[..first.Length].CopyTo(first);
        if (first.Length < user.Length)
            user[first.Length..].CopyTo(ring.Second(slot));
        return Commit(ring, slot, user, isWhole: true);
    }

    // Of a call whose memory is there: only an injected fault keeps the copy from being whole.
    private SysResult Put(Ring ring, RingSlot slot, IoCall writer)
    {
        Span<byte> user = writer.Buffer.Plain[..slot.Count];
        if (!writer.FaultsAt(writer.IsOutOfBand ? "raw_copy_from_user" : "copy_from_user", slot.Count))
            return Put(ring, slot, user);
        ring.First(slot).Clear();
        ring.Second(slot).Clear();
        return Commit(ring, slot, user, isWhole: false);
    }

    private async IoTask Put(Ring ring, IoContext writer, RingSlot slot)
    {
        bool isWhole = await CopyIn(writer, ring.FirstMemory(slot), 0);
        Memory<byte> rest = ring.SecondMemory(slot);
        if (!isWhole)
            rest.Span.Clear();
        else if (!rest.IsEmpty)
            isWhole = await CopyIn(writer, rest, slot.Count - rest.Length);
        return Commit(ring, slot, UserBytes(writer), isWhole);
    }

    private SysResult Commit(Ring ring, RingSlot slot, ReadOnlySpan<byte> user, bool isWhole)
    {
        ring.Watch?.Written(ring, slot.Start, slot.Count, user, isWhole);
        EndWrite(ring, isWhole);
        return isWhole ? slot.Count : Errno.EFAULT;
    }

    /// <summary>A writer has ended. Its slot is committed either way: what a faulting writer did not give reads as zeros.</summary>
    internal virtual void EndWrite(Ring ring, bool isWhole)
    {
        bool wasEmpty = ring.Fill == 0;
        if (!ring.EndWrite())
            return;
        PublishLevel();
        SignalBytes(ring, wasEmpty);
        Settle(ring);
    }

    /// <summary>
    /// Gives sleepers what they can have, after bytes or space were committed or a writer went to sleep. A slot is reserved for
    /// its sleeper at once, so nobody overtakes one that copies in a turn of its own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Settle(Ring ring)
    {
        if (!ring.Readers.IsEmpty || !ring.Writers.IsEmpty)
            SettleSleepers(ring);
    }

    private static void SettleSleepers(Ring ring)
    {
        // A transfer that is completed here has freed space or committed bytes: that is one more round, not one call deeper.
        ring.HasChanged = true;
        if (ring.IsSettling)
            return;
        ring.IsSettling = true;
        while (ring.HasChanged)
        {
            ring.HasChanged = false;
            SettleOnce(ring);
        }
        ring.IsSettling = false;
    }

    private static void SettleOnce(Ring ring)
    {
        for (IoContext? reader = ring.Readers.First; reader is not null && ring.Available > 0;)
        {
            IoContext? next = reader.QueueNext;
            if (reader.Wanted <= ring.Available)
                Grant(reader, ring.BeginRead(Math.Min(reader.WantedAtMost, ring.Available)));
            reader = next;
        }
        if (ring.Writers.IsEmpty)
            return;
        for (IoContext? writer = ring.Writers.First; writer is not null && ring.Space > 0;)
        {
            IoContext? next = writer.QueueNext;
            if (writer.Wanted <= ring.Space)
                Grant(writer, ring.BeginWrite(writer.Wanted));
            else if (writer.IsOob)
                break; // oob writers are admitted in their order; the first that does not fit keeps its place
            writer = next;
        }
        // What was committed meanwhile is for the next round: who sleeps for no more than that gets all of it.
        if (!ring.HasChanged && !ring.Writers.IsEmpty && ring.Available > 0 && ring.Readers.First is { } contended)
            Grant(contended, ring.BeginRead(ring.Available));
    }

    // A small copy is made here and now; a larger one at the rank of its own call, so that nobody more urgent waits for it.
    private static void Grant(IoContext sleeper, RingSlot slot)
    {
        sleeper.GrantedAt = slot.Start;
        // One whose device has failed over the one before is awake already.
        if (slot.Count <= CopiedAtOnce && sleeper is IoCall { IsParked: true, State: WaitState.Asleep } parked)
            parked.Device.Complete(parked, slot.Count);
        else
            sleeper.Wake(slot.Count);
    }

    // A call whose memory neither faults nor is slow.
    private static IoCall? Plain(IoContext context) => context is IoCall { Buffer.IsPlain: true } call ? call : null;

    private static Span<byte> UserBytes(IoContext context) =>
        context is TransferContext { Transferred: var transfer } ? UserSpan.Of(transfer.Data) : ((IoCall)context).Buffer.Bytes;

    private static async IoTask<bool> CopyOut(IoContext reader, Memory<byte> bytes, int offset)
    {
        if (reader is TransferContext { Transferred: var transfer })
        {
            bytes.Span.CopyTo(UserSpan.Of(transfer.Data)[offset..]);
            return true;
        }
        var call = (IoCall)reader;
        return (call.IsOutOfBand ? call.RawCopyToUser(bytes.Span, offset) : await call.CopyToUser(bytes, offset)) == 0;
    }

    private static async IoTask<bool> CopyIn(IoContext writer, Memory<byte> bytes, int offset)
    {
        if (writer is TransferContext { Transferred: var transfer })
        {
            UserSpan.Of(transfer.Data).Slice(offset, bytes.Length).CopyTo(bytes.Span);
            return true;
        }
        var call = (IoCall)writer;
        long missing = call.IsOutOfBand ? call.RawCopyFromUser(bytes.Span, offset) : await call.CopyFromUser(bytes, offset);
        bytes.Span[^(int)missing..].Clear();
        return missing == 0;
    }
}

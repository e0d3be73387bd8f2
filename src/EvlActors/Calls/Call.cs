using System.Runtime.CompilerServices;
using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// A system call under way: the message that is passed on from actor to actor and comes back with a result. Whoever holds it
/// owns it. A thread has one and uses it again, so each use is numbered; everything late must match the number.
/// </summary>
internal sealed class Call : Message
{
    private const int MaxDepth = 8;

    // Structs, so that storing an actor needs no test of the array's type.
    private readonly ReturnAddress[] _stack = new ReturnAddress[MaxDepth];
    private int _depth;
    private SteadyRef<OpenFileRef> _file;
    private SteadyRef<object> _handle;
    private SleepNotice? _notice;
    private bool _isNoticeLent;

    private readonly bool _isOfActor;

    internal Call(ThreadInfo thread, bool isOfActor = false)
    {
        Thread = thread;
        _isOfActor = isOfActor;
    }

    internal ThreadInfo Thread { get; }

    /// <summary>The use: unique among the calls of the thread, growing.</summary>
    internal long Number;

    internal SyscallNumber Nr;

    /// <summary>What the next receiver is asked to do.</summary>
    internal CallStep Step;

    /// <summary>The rank of the call itself, of its answers and of its resumptions.</summary>
    internal Rank CallRank = Rank.InBand;

    // The arguments.
    internal int Fd;
    internal UserBuffer Buffer;
    internal long Argument;
    internal long Argument2;
    internal long Argument3;
    internal object? Object;

    /// <summary>Of a read or write, as its caller asks: Argument3. The parts of a vector have none.</summary>
    internal TransferMode Mode => IsPlainTransfer ? (TransferMode)Argument3 : TransferMode.AsFlagged;

    /// <summary>The bytes, at least, that a read is satisfied with; of one that is as the flags say, the flags say that too.</summary>
    internal long Least => Argument2;

    // What actors stamp on it as it passes.
    internal FilesTable Files = null!; // stamped by the thread's actor when the call enters
    internal Credentials Credentials = Credentials.Root; // stamped by the thread's actor when the call enters
    internal OpenFileRef? File
    {
        get => _file.Value;
        set => _file.Value = value;
    }

    internal OpenFileRef? NewFile;
    internal FilesTable? NewFiles; // stamped by who asks for the copy of a table
    internal FileOperation Operation;
    internal OpenFlags Flags;
    internal long Position;
    internal int SleepNumber;

    /// <summary>The driver's own handle of the open file; set by the device's open handler, kept by the open file.</summary>
    internal object? Handle
    {
        get => _handle.Value;
        set => _handle.Value = value;
    }

    /// <summary>Whether the driver's open gave the file an oob context.</summary>
    internal bool OobOpened;

    /// <summary>What the driver's open said of the file beyond that.</summary>
    internal FileModes Modes;

    /// <summary>The owner that an fcntl names or asks for.</summary>
    internal FileOwner Owner;

    /// <summary>What fasync is asked for: notification on or off.</summary>
    internal bool AsyncOn;

    /// <summary>The descriptor that fasync is asked for through; -1: the file goes.</summary>
    internal int AsyncFd;

    /// <summary>The result so far; final when it comes back to the thread.</summary>
    internal SysResult Result;

    /// <summary>What the call will be answered with when what rides on it (a flush, a release, a hook) has ended.</summary>
    internal SysResult Saved;

    /// <summary>The outside actor that is answered instead of a <see cref="Actors.Message.Caller"/>, or null.</summary>
    internal Syscall? Origin;

    /// <summary>The action of the signal whose handler runs before the call goes on; null: none. Set when the thread's actor gives
    /// the call to the thread's body, cleared there when the handler has ended.</summary>
    internal SignalAction? Delivery;

    /// <summary>The signal of <see cref="Delivery"/>.</summary>
    internal SigInfo DeliveredInfo;

    /// <summary>The handler of <see cref="Delivery"/> threw: the call goes on to its answer.</summary>
    internal bool HandlerThrew;

    /// <summary>It wrote to a pipe without reader: SIGPIPE is for its thread, before it is answered.</summary>
    internal bool BrokePipe;

    /// <summary>It slept out-of-band because in-band code held a stax: its thread may want to be told.</summary>
    internal bool MetStageExclusion;

    // Owned by the thread's actor.
    internal long EnteredNs; // 0 unless somebody wanted to hear how long it takes
    internal bool WasUnblocked; // unblocked, cancelled: it is never made again
    internal bool WasSignalled; // a sleep of it was ended for a signal
    internal bool MakesAgain; // it is made again when the handlers have run
    internal ulong SignalMask; // what the thread blocks, for the in-band stage to offer the rest

    /// <summary>Set with the answer: another call of the thread was under way, so this one was not made.</summary>
    internal bool IsRefused;

    /// <summary>Whether the call runs in EVL's half: oob_read, oob_write, oob_ioctl, and a sleep.</summary>
    internal bool IsOob => Nr is >= SyscallNumber.OobRead and <= SyscallNumber.EvlSleep;

    // An element ends with its last file: an open that was on its way finds nobody.
    private bool OpensElement =>
        Step == CallStep.DeviceOperate && Operation == FileOperation.Open && (File!.Device.Traits & DeviceTraits.Element) != 0; // an open names its file

    private bool IsPlainTransfer =>
        Nr is SyscallNumber.Read or SyscallNumber.Write && Operation is FileOperation.Read or FileOperation.Write;

    // Every process that used the table has ended, and with it the thread.
    private bool AsksTable => Step is >= CallStep.TableLookUp and <= CallStep.TableCopy;

    // A table that is gone has nothing left to close; with any other answer the next would be asked for, for ever.
    private bool ClosesTable => Step is CallStep.TableCloseNext or CallStep.TableCloseOnExec;

    /// <summary>Says in whose name it is made. Mostly as before: a store of a reference costs more than the question.</summary>
    internal void Stamp(FilesTable files, Credentials credentials)
    {
        if (!ReferenceEquals(Files, files))
            Files = files;
        if (!ReferenceEquals(Credentials, credentials))
            Credentials = credentials;
    }

    /// <summary>Forgets the last use; in the hands of the thread's caller.</summary>
    internal void Begin(SyscallNumber nr, int fd, in UserBuffer buffer, long argument, long argument2, object? @object)
    {
        Number = Thread.NextCallNumber(_isOfActor);
        // The arguments of its last use are free again.
        if (Object is PollArguments spent)
            Thread.Return(spent);
        Nr = nr;
        Fd = fd;
        if (!Buffer.IsSame(buffer))
            Buffer = buffer;
        Argument = argument;
        Argument2 = argument2;
        Argument3 = 0;
        if (!ReferenceEquals(Object, @object))
            Object = @object;
        IsRefused = false;
        Delivery = null;
        HandlerThrew = false;
        BrokePipe = false;
        MetStageExclusion = false;
        WasUnblocked = false;
        WasSignalled = false;
        MakesAgain = false;
        CallRank = Rank.InBand;
        Rewind();
    }

    /// <summary>Forgets what actors stamped on it, so that it can be made again with the same arguments.</summary>
    internal void Rewind()
    {
        File = null;
        NewFile = null;
        Handle = null;
        OobOpened = false;
        Modes = FileModes.None;
        Result = default;
        _depth = 0;
    }

    /// <summary>A call in the name of this one, for a release that this one leads to and waits for.</summary>
    internal Call MakeRider() => new(Thread)
    {
        Number = Number,
        Nr = Nr,
        Files = Files,
        Credentials = Credentials,
        Caller = Caller,
    };

    /// <summary>Where the call goes on when the next receiver returns it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Push(ActorRef actor, CallStep step)
    {
        ref ReturnAddress back = ref _stack[_depth];
        // Mostly the same as in the last use: a store of a reference costs more than the question.
        if (!ReferenceEquals(back.Actor, actor))
            back.Actor = actor;
        back.Step = step;
        _depth++;
    }

    /// <summary>Takes back what the sender has pushed: the call is back without being sent.</summary>
    internal void Pop() => _depth--;

    /// <summary>Passes the call on; the sender gives it away.</summary>
    internal void PassTo(ActorRef actor, CallStep step, Rank rank)
    {
        Step = step;
        actor.Tell(this, rank);
    }

    /// <summary>Passes the call on, as the last thing that the sender does in its turn.</summary>
    /// <returns>Whether it is back already, with its result, and not sent back: the return stack is as the sender left it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool PassTo(ActorRef actor, CallStep step, Rank rank, Actor sender)
    {
        Step = step;
        return actor.HandOn(sender, this, rank);
    }

    /// <summary>Sends the call back along its return stack, with a result; the sender gives it away.</summary>
    internal void Return(SysResult result) => PopReturn(result).Tell(this, CallRank);

    /// <summary>Sends the call back, as the last thing that the sender does in its turn. No receiver answers what it is returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Return(SysResult result, Actor sender) => PopReturn(result).HandOn(sender, this, CallRank);

    /// <summary>Sends the call back in a turn of the sender, which goes on.</summary>
    internal void ReturnFrom(Actor sender, SysResult result) => PopReturn(result).TellFrom(sender, this, CallRank);

    /// <summary>Makes the notice of a sleep of which <see cref="SleepNumber"/> is the number; one is in use at a time, or a second is made.</summary>
    /// <param name="where">The actor in which the call sleeps.</param>
    /// <param name="sleeper">The sleeper there.</param>
    /// <param name="isInterruptible">Whether an interrupt can end the sleep.</param>
    internal SleepNotice NoticeOf(ActorRef where, object sleeper, bool isInterruptible)
    {
        // Lent by whoever has the call, given back by its thread's actor.
        SleepNotice notice;
        if (Volatile.Read(ref _isNoticeLent))
        {
            notice = new SleepNotice(this);
        }
        else
        {
            _isNoticeLent = true;
            notice = _notice ??= new SleepNotice(this);
        }
        notice.Say(where, sleeper, isInterruptible);
        return notice;
    }

    internal void Return(SleepNotice notice)
    {
        if (notice == _notice)
            Volatile.Write(ref _isNoticeLent, false);
    }

    // A flush that never reached its device was never called, so the close that it rides on succeeds.
    private bool Flushes => Step == CallStep.DeviceOperate && Operation == FileOperation.Flush;

    /// <summary>Answered along the return stack, so that every reference on the way is dropped: EIO, or ESRCH when the machine or its process's table has ended.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        if (_depth > 0)
            Return(ClosesTable ? Errno.ENOENT
                : reason == UndeliverableReason.EngineDisposed || (reason == UndeliverableReason.Stopped && AsksTable) ? Errno.ESRCH
                : OpensElement ? Errno.ESTALE
                : Flushes ? 0
                : Errno.EIO);
        else
            AnswerUndelivered();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ActorRef PopReturn(SysResult result)
    {
        Result = result;
        _depth--;
        ref readonly ReturnAddress back = ref _stack[_depth];
        Step = back.Step;
        return back.Actor;
    }

    // Nobody is left on the stack: the thread's actor itself is gone. Its caller must not hang.
    private void AnswerUndelivered()
    {
        Result = SysResult.Error(Errno.ESRCH).Of(Nr);
        if (Origin is { } origin)
            origin.Answer(Result);
        else
            Caller?.Answer();
    }
}

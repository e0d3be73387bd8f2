using EvlActors.Actors;

namespace EvlActors;

/// <summary>
/// A system call that an actor outside the machine sends to the machine's Dovetail router; the answer is a
/// <see cref="SyscallResult"/> sent to <see cref="ReplyTo"/>. Immutable; sent once.
/// </summary>
/// <param name="tid">The user thread that makes the call.</param>
/// <param name="number">The call.</param>
/// <param name="replyTo">Who gets the answer; null (default): whoever sends it, where the engine knows the sender, else nobody.</param>
public sealed class Syscall(int tid, SyscallNumber number, ActorRef? replyTo = null) : Message
{
    /// <summary>The same call with another address for the answer.</summary>
    internal Syscall(Syscall call, ActorRef replyTo)
        : this(call.Tid, call.Number, replyTo)
    {
        Fd = call.Fd;
        Buffer = call.Buffer;
        Argument = call.Argument;
        Argument2 = call.Argument2;
        Path = call.Path;
    }

    /// <summary>The user thread that makes the call.</summary>
    public int Tid { get; } = tid;

    /// <summary>The call.</summary>
    public SyscallNumber Number { get; } = number;

    /// <summary>Who gets the answer, or null.</summary>
    public ActorRef? ReplyTo { get; } = replyTo;

    /// <summary>The descriptor that the call names, if it names one.</summary>
    public int Fd { get; init; }

    /// <summary>The user memory that the call names, if it names any.</summary>
    public UserBuffer Buffer { get; init; }

    /// <summary>The first argument beside these: open flags, the fcntl or ioctl command, dup2's new descriptor.</summary>
    public long Argument { get; init; }

    /// <summary>The second argument beside these: fcntl's or ioctl's argument.</summary>
    public long Argument2 { get; init; }

    /// <summary>The path of open, the name of an element.</summary>
    public string? Path { get; init; }

    /// <summary>Answered with ESRCH: the machine has ended.</summary>
    /// <param name="reason">Why it won't be handled.</param>
    protected internal override void Undeliverable(UndeliverableReason reason) => Answer(Errno.ESRCH);

    internal void Answer(SysResult result) => ReplyTo?.Tell(new SyscallResult(this, result.Of(Number)), Rank.InBand);

    internal void Refuse(string why) => ReplyTo?.Tell(new SyscallResult(this, default, why), Rank.InBand);
}

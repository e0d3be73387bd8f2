using EvlActors.Actors;

namespace EvlActors;

/// <summary>The answer to a <see cref="Syscall"/>.</summary>
public sealed class SyscallResult : Message
{
    internal SyscallResult(Syscall call, SysResult result, string? failure = null)
    {
        Call = call;
        Result = result;
        Failure = failure;
    }

    /// <summary>The call that it answers.</summary>
    public Syscall Call { get; }

    /// <summary>The result; default when <see cref="Failure"/> is set.</summary>
    public SysResult Result { get; }

    /// <summary>Why the call could not be made at all (no such thread, another call of that thread under way), or null.</summary>
    public string? Failure { get; }

    /// <summary>Does nothing: nobody waits for it.</summary>
    /// <param name="reason">Why it won't be handled.</param>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
    }
}

using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>What EVL keeps of a thread from its attach to its detach. Counterpart of <c>struct evl_thread</c>.</summary>
internal sealed class EvlAttachment(int number, bool isWeak, Credentials credentials)
{
    private const Capabilities Raised = Capabilities.SysNice | Capabilities.IpcLock | Capabilities.SysRawIo;

    private readonly Credentials _raised =
        credentials.Has(Raised) ? credentials : credentials with { Effective = credentials.Effective | Raised };

    /// <summary>Which of the thread's attachments it is; its element knows it.</summary>
    internal int Number { get; } = number;

    /// <summary>Class WEAK: out-of-band during each oob call only.</summary>
    internal bool IsWeak { get; private set; } = isWeak;

    /// <summary>It has to leave the oob stage.</summary>
    internal bool IsKicked { get; set; }

    internal ThreadMode Mode { get; } = new();

    internal ThreadStatistics Statistics { get; } = new();

    /// <summary>The credentials of a call: the process's, with what attaching raised. Whoever changes the process's afterwards says
    /// exactly what is in force.</summary>
    internal Credentials CredentialsOf(ProcessInfo process) => 
        ReferenceEquals(process.Credentials, credentials) ? _raised : process.Credentials;

    /// <summary>evl_demote_thread: class WEAK from now on, and out of the oob stage if it is there.</summary>
    internal void Demote(bool isOob)
    {
        IsWeak = true;
        IsKicked = isOob;
    }

    internal EvlThreadState State(Stage stage, EvlThreadState sleep) =>
        EvlThreadState.User | (EvlThreadState)Mode.Bits
        | (IsWeak ? EvlThreadState.Weak : 0)
        | (stage == Stage.InBand ? EvlThreadState.InBand : sleep);
}

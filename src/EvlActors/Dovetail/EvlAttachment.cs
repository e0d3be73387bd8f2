using EvlActors.Calls;

namespace EvlActors.Dovetail;

/// <summary>What EVL keeps of a thread from its attach to its detach. Counterpart of <c>struct evl_thread</c>.</summary>
internal sealed class EvlAttachment(int number, int fd, bool isWeak, ProcessInfo process)
{
    private const Capabilities Raised = Capabilities.SysNice | Capabilities.IpcLock | Capabilities.SysRawIo;

    private readonly int _capabilityChanges = process.CapabilityChanges;
    private Credentials? _base;
    private Credentials? _raised;

    /// <summary>Which of the thread's attachments it is; its element knows it.</summary>
    internal int Number { get; } = number;

    /// <summary>The descriptor that attaching returned, which evl_get_self tells.</summary>
    internal int Fd { get; } = fd;

    /// <summary>Class WEAK: out-of-band during each oob call only.</summary>
    internal bool IsWeak { get; private set; } = isWeak;

    /// <summary>It has to leave the oob stage.</summary>
    internal bool IsKicked { get; set; }

    internal ThreadMode Mode { get; } = new();

    internal ThreadStatistics Statistics { get; } = new();

    /// <summary>The credentials of a call: the process's, with what attaching raised, until a call says which capabilities are in
    /// force. Made anew only when the process's have changed.</summary>
    internal Credentials Credentials
    {
        get => process.CapabilityChanges == _capabilityChanges && ReferenceEquals(process.Credentials, _base) ? _raised! : Made(); // made with the base
    }

    /// <summary>evl_demote_thread: class WEAK from now on, and out of the oob stage if it is there.</summary>
    internal void Demote(bool isOob)
    {
        IsWeak = true;
        IsKicked = isOob;
    }

    private Credentials Made()
    {
        Credentials now = process.Credentials;
        if (process.CapabilityChanges != _capabilityChanges)
            return now;
        _base = now;
        _raised = now.Has(Raised) ? now : now with { Effective = now.Effective | Raised };
        return _raised;
    }

    internal EvlThreadState State(Stage stage, EvlThreadState sleep) =>
        EvlThreadState.User | (EvlThreadState)Mode.Bits
        | (IsWeak ? EvlThreadState.Weak : 0)
        | (stage == Stage.InBand ? EvlThreadState.InBand : sleep);
}

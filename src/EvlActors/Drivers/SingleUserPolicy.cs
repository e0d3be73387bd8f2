namespace EvlActors.Drivers;

/// <summary>One user at a time: the first opener's real uid, until the last file is closed.</summary>
internal sealed class SingleUserPolicy(bool wait) : OpenPolicy
{
    private readonly WaitQueueHead _waiters = new();
    private int _owner;
    private int _count;

    /// <inheritdoc/>
    protected internal override async IoTask Enter(IoCall call)
    {
        // Whoever was woken may find that another user was faster: test again.
        while (!Admits(call.Credentials))
        {
            if (!wait)
                return Errno.EBUSY;
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await _waiters.WaitEventInterruptible(call, () => Admits(call.Credentials)) is { IsError: true } interrupted)
                return interrupted;
        }
        if (_count == 0)
            _owner = call.Credentials.Uid;
        _count++;
        return 0;
    }

    /// <inheritdoc/>
    protected internal override void Leave(EvlFile file)
    {
        _count--;
        // All of them: those of the user who comes first are let in together.
        if (_count == 0)
            _waiters.WakeUpInterruptibleAll();
    }

    private bool Admits(Credentials who) =>
        _count == 0 || who.Uid == _owner || who.Euid == _owner || who.Has(Capabilities.DacOverride);
}

namespace EvlActors.Drivers;

/// <summary>One open file at a time.</summary>
internal sealed class SingleOpenPolicy(bool wait) : OpenPolicy
{
    private readonly WaitQueueHead _waiters = new();
    private bool _isTaken;

    /// <inheritdoc/>
    protected internal override async IoTask Enter(IoCall call)
    {
        while (_isTaken)
        {
            if (!wait)
                return Errno.EBUSY;
            if (call.NonBlocking)
                return Errno.EAGAIN;
            if (await _waiters.WaitEventInterruptible(call, () => !_isTaken) is { IsError: true } interrupted)
                return interrupted;
        }
        _isTaken = true;
        return 0;
    }

    /// <inheritdoc/>
    protected internal override void Leave(EvlFile file)
    {
        _isTaken = false;
        _waiters.WakeUpInterruptible();
    }
}

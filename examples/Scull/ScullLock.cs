using EvlActors;
using EvlActors.Drivers;

namespace Scull;

/// <summary>What a handler holds while it awaits a slow page of user memory, so that no other changes the device meanwhile.</summary>
internal sealed class ScullLock
{
    private readonly WaitQueueHead _waiters = new();
    private readonly Func<bool> _isFree;
    private bool _isTaken;

    public ScullLock() => _isFree = () => !_isTaken;

    /// <summary>down_interruptible.</summary>
    public async IoTask Take(IoCall call)
    {
        while (_isTaken)
        {
            if (await _waiters.WaitEventInterruptibleExclusive(call, _isFree) is { IsError: true } interrupted)
                return interrupted;
        }
        _isTaken = true;
        return 0;
    }

    /// <summary>up.</summary>
    public void Release()
    {
        _isTaken = false;
        _waiters.WakeUpInterruptible();
    }
}

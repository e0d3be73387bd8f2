using EvlActors.Calls;

namespace EvlActors.Files;

/// <summary>
/// Lets the calls that use the position of a regular file's description pass one by one. Counterpart of <c>f_pos_lock</c>;
/// character devices have none.
/// </summary>
internal sealed class PositionLock
{
    private readonly Queue<Call> _waiting = new();
    private Call? _holder;

    /// <summary>Whether a call may go on now; if not, a release hands it out.</summary>
    internal bool TryTake(Call call)
    {
        bool moves = call.Nr is SyscallNumber.Read or SyscallNumber.Readv or SyscallNumber.Write or SyscallNumber.Writev or SyscallNumber.Lseek;
        if (!moves)
            return true;
        if (_holder is null)
        {
            _holder = call;
            return true;
        }
        _waiting.Enqueue(call);
        return false;
    }

    /// <summary>A call is back: the next that may go on, or null.</summary>
    internal Call? Release(Call call)
    {
        if (_holder != call)
            return null;
        _waiting.TryDequeue(out _holder);
        return _holder;
    }
}

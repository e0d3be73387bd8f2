namespace EvlActors.Calls;

/// <summary>Who sends a signal and waits until it has found its place: a call, code outside the machine, or a device.</summary>
internal sealed class SignalSending(Call? call, TaskCompletionSource<SysResult>? outside, KillFasync? kill = null)
{
    private int _open = 1;

    /// <summary>One more process is sent to.</summary>
    internal void Open() => _open++;

    /// <summary>One of them has settled, or the sender has finished sending.</summary>
    internal void Settle(SysResult result)
    {
        if (--_open > 0)
            return;
        call?.Return(result);
        outside?.TrySetResult(result);
        kill?.Settled();
    }
}

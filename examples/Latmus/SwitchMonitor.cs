using EvlActors;

namespace Latmus;

/// <summary>
/// Counts the responder's in-band switches that it did not ask for, and says which of them end the run. EVL tells of each by
/// SIGDEBUG, once the thread has asked for it with <see cref="EvlThreadMode.Woss"/>.
/// </summary>
/// <param name="onSwitch">Told of each, on the responder's thread.</param>
internal sealed class SwitchMonitor(Action<SwitchCause> onSwitch)
{
    private int _count;

    /// <summary>How many there were.</summary>
    public uint Count => (uint)Volatile.Read(ref _count);

    /// <summary>What the process does with SIGDEBUG. An interrupted call is made again.</summary>
    public SigAction Action => SigAction.Handle(OnSigDebug, restart: true);

    /// <summary>Whether a cause is a switch to be counted; any other one is a diagnosis that ends the program.</summary>
    public static bool IsSwitch(SwitchCause cause) =>
        cause is SwitchCause.SigDemote or SwitchCause.SysDemote or SwitchCause.ExDemote or SwitchCause.LockDependency;

    private void OnSigDebug(SigInfo info)
    {
        if (info.SwitchCause is not { } cause)
            return;
        if (IsSwitch(cause))
            Interlocked.Increment(ref _count);
        onSwitch(cause);
    }
}

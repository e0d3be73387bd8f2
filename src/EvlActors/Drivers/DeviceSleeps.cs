using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// Tells threads that they sleep in a device, for whoever looks at them. What it tells is made once per operation and way to
/// sleep, so that falling asleep allocates nothing. In turns of the device.
/// </summary>
internal sealed class DeviceSleeps(string device)
{
    private readonly Dictionary<(FileOperation Operation, bool IsInterruptible), TaskSnapshot> _snapshots = [];

    internal void Began(Call call, bool isInterruptible)
    {
        if (!_snapshots.TryGetValue((call.Operation, isInterruptible), out TaskSnapshot? snapshot))
        {
            snapshot = new TaskSnapshot(isInterruptible ? TaskState.Interruptible : TaskState.Uninterruptible, device, call.Operation);
            _snapshots.Add((call.Operation, isInterruptible), snapshot);
        }
        call.Thread.Sleeps(snapshot);
    }
}

using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// Tells threads that they sleep in a device, for whoever looks at them. What it tells is made once per operation and way to
/// sleep, so that falling asleep allocates nothing. In turns of the device.
/// </summary>
internal sealed class DeviceSleeps(string device)
{
    private static readonly int s_operations = Enum.GetValues<FileOperation>().Length;

    // Two for each operation, by its number; made at the first sleep.
    private TaskSnapshot?[]? _snapshots;

    internal void Began(Call call, bool isInterruptible)
    {
        _snapshots ??= new TaskSnapshot?[2 * s_operations];
        ref TaskSnapshot? snapshot = ref _snapshots[2 * (int)call.Operation + (isInterruptible ? 1 : 0)];
        snapshot ??= new TaskSnapshot(isInterruptible ? TaskState.Interruptible : TaskState.Uninterruptible, device, call.Operation);
        call.Thread.Sleeps(snapshot);
    }
}

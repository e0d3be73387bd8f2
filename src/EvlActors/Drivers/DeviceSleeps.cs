using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// Tells threads that they sleep in a device, for whoever looks at them. What it tells is made once per operation and way to
/// sleep, so that falling asleep allocates nothing. In turns of the device.
/// </summary>
internal sealed class DeviceSleeps(string device)
{
    // A driver sleeps in few ways, and mostly in that of the last time.
    private TaskSnapshot[] _snapshots = [];
    private TaskSnapshot? _last;

    internal void Began(Call call, bool isInterruptible) =>
        call.Thread.Sleeps(SnapshotOf(call.Operation, isInterruptible ? TaskState.Interruptible : TaskState.Uninterruptible));

    private TaskSnapshot SnapshotOf(FileOperation operation, TaskState state) =>
        _last is { } last && Says(last, operation, state) ? last : _last = FoundOrMade(operation, state);

    private TaskSnapshot FoundOrMade(FileOperation operation, TaskState state)
    {
        foreach (TaskSnapshot snapshot in _snapshots)
        {
            if (Says(snapshot, operation, state))
                return snapshot;
        }
        var made = new TaskSnapshot(state, device, operation);
        _snapshots = [.. _snapshots, made];
        return made;
    }

    private static bool Says(TaskSnapshot snapshot, FileOperation operation, TaskState state) =>
        snapshot.Operation == operation && snapshot.State == state;
}

namespace EvlActors.Actors;

/// <summary>
/// Free lists of one lane: what its actors rent and give back without atomics, because a lane has one owner at a time.
/// Made by the engine, one per lane.
/// </summary>
internal sealed class LanePool
{
    private static int s_kinds;
    private Slot[] _free = new Slot[16];

    /// <summary>Reserves a free list; called once per kind of object, from a static field.</summary>
    public static int NewKind() => Interlocked.Increment(ref s_kinds) - 1;

    public Message? Rent(int kind)
    {
        if (kind >= _free.Length)
            return null;
        Message? message = _free[kind].First;
        if (message is null)
            return null;
        _free[kind].First = message.Next;
        message.Next = null;
        return message;
    }

    public void Return(int kind, Message message)
    {
        if (kind >= _free.Length)
            Array.Resize(ref _free, Math.Max(kind + 1, _free.Length * 2));
        message.Next = _free[kind].First;
        _free[kind].First = message;
    }

    // A struct, so that storing a message needs no test of the array's type.
    private struct Slot
    {
        internal Message? First;
    }
}

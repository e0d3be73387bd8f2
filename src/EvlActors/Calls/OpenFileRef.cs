using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// One open file as tables and stages know it. Having it is no right to use the file: references are counted by its
/// <see cref="Actor"/>, and every actor that passes a call on here knows that the slot it found holds one.
/// </summary>
internal sealed class OpenFileRef(long id, DeviceRef device)
{
    private TakeReference? _spareTake;
    private KillFasync? _spareKill;

    internal long Id { get; } = id;

    internal DeviceRef Device { get; } = device;

    /// <summary>The number of the node that was opened; 0: it has none, or there is no node.</summary>
    internal DeviceNumber Number { get; init; }

    /// <summary>The open file's actor; set once, when it is spawned.</summary>
    internal ActorRef Actor
    {
        get;
        set
        {
            field = value;
            Behind = value.Behind;
        }
    } = null!; // set by whoever spawns the file, before the reference is passed on

    /// <summary>Whether the file has an oob context; set by its actor before the first install, never changed later.</summary>
    internal bool IsOob { get; set; }

    /// <summary>Whether it was opened with O_PATH; set before the first install.</summary>
    internal bool IsPath { get; init; }

    /// <summary>The open file, to have it fetched from memory.</summary>
    internal object? Behind { get; private set; }

    /// <summary>Rents the message that takes a reference: replacing a descriptor again allocates nothing.</summary>
    internal TakeReference RentTake()
    {
        TakeReference take = Interlocked.Exchange(ref _spareTake, null) ?? new TakeReference();
        take.File = this;
        return take;
    }

    internal void Return(TakeReference take) => Volatile.Write(ref _spareTake, take);

    /// <summary>Rents the message that tells of an event.</summary>
    internal KillFasync RentKill() => Interlocked.Exchange(ref _spareKill, null) ?? new KillFasync(this);

    internal void Return(KillFasync kill) => Volatile.Write(ref _spareKill, kill);
}

namespace EvlActors.Drivers;

/// <summary>
/// A spinlock. Counterpart of <c>spinlock_t</c> and EVL's hard spinlock. An actor needs no lock, so it excludes nobody: it marks
/// what the handler does as atomic, and sleeping in there is caught.
/// </summary>
/// <param name="name">Its name, for the message that a sleep under it gets.</param>
public sealed class SpinLock(string name = "spinlock")
{
    /// <summary>Begins an atomic section. <c>spin_lock</c>; its end is <c>spin_unlock</c>.</summary>
    /// <param name="context">Who runs.</param>
    /// <returns>The section, ended by <c>using</c>.</returns>
    public AtomicSection Lock(IoContext context) => new(context, name);
}

namespace EvlActors.Drivers;

/// <summary>An RCU read side, as an atomic section. Counterpart of <c>rcu_read_lock</c> and <c>rcu_read_unlock</c>.</summary>
public static class RcuReadLock
{
    /// <summary>Begins the read side.</summary>
    /// <param name="context">Who runs.</param>
    /// <returns>The section, ended by <c>using</c>.</returns>
    public static AtomicSection Enter(IoContext context) => new(context, "the RCU read side");
}

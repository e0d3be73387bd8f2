namespace EvlActors.Drivers;

/// <summary>Disabled interrupts, as an atomic section. Counterpart of <c>local_irq_disable</c> and <c>local_irq_enable</c>.</summary>
public static class IrqsOff
{
    /// <summary>Begins the section.</summary>
    /// <param name="context">Who runs.</param>
    /// <returns>The section, ended by <c>using</c>.</returns>
    public static AtomicSection Enter(IoContext context) => new(context, "disabled interrupts");
}

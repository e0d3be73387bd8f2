namespace EvlActors.Drivers;

/// <summary>The handler of an <see cref="IrqWork"/>: in-band interrupt context. It may call in-band services that don't sleep.</summary>
public sealed class IrqWorkContext : IoContext
{
    private readonly IrqWork _work;

    internal IrqWorkContext(IrqWork work) => _work = work;

    /// <inheritdoc/>
    public override bool CanSleep => false;

    internal override bool IsOob => false;

    internal override void Ended(SysResult result) => _work.Ended();
}

using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>
/// The way from out-of-band code to in-band services: a handler that runs in-band, in interrupt context, soon after it was queued.
/// Counterpart of <c>struct irq_work</c>. It may wake in-band sleepers and signal; it may not sleep.
/// </summary>
public sealed class IrqWork
{
    private readonly DeviceActor _device;
    private readonly Action<IrqWorkContext> _handler;
    private readonly IrqWorkContext _context;
    private readonly Turn _turn;
    private readonly WaitQueue _syncing = new();

    internal IrqWork(DeviceActor device, Action<IrqWorkContext> handler)
    {
        _device = device;
        _handler = handler;
        _context = new IrqWorkContext(this) { Rank = Rank.InBand };
        _turn = new Turn(this) { Owner = device };
    }

    /// <summary>Whether it was queued and its handler has not begun.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Has the handler run in-band. <c>irq_work_queue</c>; any context, in a turn of the device. The handler may queue its
    /// work again.</summary>
    /// <returns>True if it is queued now; false if it was pending already: the handler runs once for both.</returns>
    public bool Queue()
    {
        if (IsPending || _device.HasFailed)
            return false;
        IsPending = true;
        _turn.Post(Rank.InBand, caller: null);
        return true;
    }

    /// <summary>Waits until it is not pending; not interruptible. <c>irq_work_sync</c>.</summary>
    /// <param name="context">Who waits; in-band.</param>
    /// <returns>0.</returns>
    /// <exception cref="WrongStageException">The caller is out-of-band.</exception>
    public async IoTask Sync(IoContext context)
    {
        StageCheck.InBand(context, "IrqWork.Sync");
        while (IsPending)
        {
            if (await _syncing.WaitUninterruptible(context) is { IsError: true } refused)
                return refused;
        }
        return 0;
    }

    internal void Ended() => _syncing.WakeAll();

    private void Run()
    {
        IsPending = false;
        if (_device.HasFailed)
            return;
        _device.RunHandler(
            _context,
            static (context, work) =>
            {
                work._handler((IrqWorkContext)context);
                return SysResult.Ok();
            },
            this);
    }

    private sealed class Turn(IrqWork work) : Resumption
    {
        internal override void Resume() => work.Run();
    }
}

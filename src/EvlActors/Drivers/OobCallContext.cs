using EvlActors.Actors;

namespace EvlActors.Drivers;

/// <summary>A function that in-band code has run on the out-of-band stage, by <see cref="CharDevice.RunOobCall"/>: it may not
/// sleep.</summary>
public sealed class OobCallContext : IoContext
{
    private readonly IoContext _caller;

    internal OobCallContext(IoContext caller)
    {
        _caller = caller;
        Priority = Rank.MaxOobPriority;
        Rank = Rank.Oob(Rank.MaxOobPriority);
    }

    /// <inheritdoc/>
    public override bool CanSleep => false;

    internal override bool IsOob => true;

    internal override void Ended(SysResult result) => DeviceWaits.AnsweredSoon(_caller, result);

    /// <summary>Runs the function in a turn of its own, on the other stage.</summary>
    internal void Post(DeviceActor device, Func<OobCallContext, SysResult> function) =>
        new Turn(this, device, function) { Owner = device }.Post(Rank, caller: null);

    private sealed class Turn(OobCallContext context, DeviceActor device, Func<OobCallContext, SysResult> function) : Resumption
    {
        internal override void Resume()
        {
            if (device.HasFailed)
                context.Ended(Errno.EIO);
            else
                device.RunHandler(context, static (context, function) => function((OobCallContext)context), function);
        }
    }
}

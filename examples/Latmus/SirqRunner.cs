using EvlActors;
using EvlActors.Drivers;

namespace Latmus;

/// <summary>The timer's handler posts a synthetic interrupt, which stamps: a second timer, due at once.</summary>
internal sealed class SirqRunner : LatmusRunner
{
    private readonly EvlTimer _synthetic;

    internal SirqRunner(LatmusDevice device, LatmusSetup setup, LatmusJob job)
        : base(device, setup, job) =>
        _synthetic = device.NewTimer(interrupt => Answer(interrupt, NowNs));

    internal override IoTask Destroy(IoContext context)
    {
        _synthetic.Destroy();
        return base.Destroy(context);
    }

    protected override IoTask Respond(InterruptContext interrupt)
    {
        _synthetic.Start(interrupt.DateNs);
        return SysResult.Ok();
    }

    protected override void RoundEnded() => _synthetic.Stop();
}

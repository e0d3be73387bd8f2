using EvlActors.Drivers;

namespace Latmus;

/// <summary>The timer's handler stamps itself.</summary>
internal sealed class IrqRunner(LatmusDevice device, LatmusSetup setup, LatmusJob job) : LatmusRunner(device, setup, job)
{
    protected override IoTask Respond(InterruptContext interrupt) => Answer(interrupt, NowNs);
}

using EvlActors.Drivers;

namespace EvlActors.TestKit.Tests;

/// <summary>Where a kernel would preempt a handler: the turns of a device can't be, unless they await.</summary>
internal static class Preemption
{
    /// <summary>Others may run before the handler goes on.</summary>
    internal static async IoTask<bool> MayBePreempted(this IoCall call) => await call.GetFile(-1) is null;
}

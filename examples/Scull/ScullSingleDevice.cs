using EvlActors.Drivers;

namespace Scull;

/// <summary>scullsingle: one open file at a time.</summary>
internal sealed class ScullSingleDevice : ScullDevice
{
    public ScullSingleDevice(ScullParameters parameters)
        : base(parameters) => Access = OpenPolicy.SingleOpen();
}

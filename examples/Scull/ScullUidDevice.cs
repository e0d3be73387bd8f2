using EvlActors.Drivers;

namespace Scull;

/// <summary>sculluid: one user at a time; others get EBUSY.</summary>
internal sealed class ScullUidDevice : ScullDevice
{
    public ScullUidDevice(ScullParameters parameters)
        : base(parameters) => Access = OpenPolicy.SingleUser();
}

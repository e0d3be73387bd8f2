using EvlActors.Drivers;

namespace Scull;

/// <summary>scullpriv: a device of its own for each controlling terminal.</summary>
internal sealed class ScullPrivDevice : ScullDevice
{
    public ScullPrivDevice(ScullParameters parameters)
        : base(parameters) => Access = OpenPolicy.Clone(call => call.ControllingTerminal, () => new ScullDisk(parameters));
}

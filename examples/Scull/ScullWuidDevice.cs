using EvlActors.Drivers;

namespace Scull;

/// <summary>scullwuid: one user at a time; others wait.</summary>
internal sealed class ScullWuidDevice : ScullDevice
{
    public ScullWuidDevice(ScullParameters parameters)
        : base(parameters) => Access = OpenPolicy.SingleUser(wait: true);
}

using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand;

/// <summary>Spawns the actor of a device, of a node or of an element.</summary>
internal static class DeviceSpawner
{
    internal static DeviceRef Spawn(
        MachineContext context, string name, FileOperations operations, DeviceTraits traits, Placement placement,
        Func<CharDevice> factory, CharDevice? driver)
    {
        var device = new DeviceRef(name, operations, traits);
        if (driver is not null)
            device.MostTransferred = driver.MostTransferred;
        var actor = new DeviceActor(context, device, factory, driver)
        {
            IsInBandLane = placement is Placement.InBand or Placement.OwnInBand,
        };
        device.Actor = context.Engine.Spawn(actor, new SpawnOptions($"devices{name}", placement, context.Supervisor));
        context.Events.Emit(MachineEventKind.DeviceSpawned, detail: name);
        return device;
    }
}

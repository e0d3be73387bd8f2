using EvlActors;

namespace Scull;

/// <summary>Adds all the module's devices to a machine, and takes them away.</summary>
internal sealed class ScullModule
{
    public static readonly string[] Disks = ["/dev/scull0", "/dev/scull1", "/dev/scull2", "/dev/scull3"];
    public const string Pipe = "/dev/scullpipe0";
    public const string Single = "/dev/scullsingle";
    public const string Uid = "/dev/sculluid";
    public const string Wuid = "/dev/scullwuid";
    public const string Priv = "/dev/scullpriv";

    private readonly EvlMachine _machine;
    private readonly DeviceNumber _first;

    /// <summary>scull_init_module.</summary>
    public ScullModule(EvlMachine machine)
    {
        _machine = machine;
        var parameters = new ScullParameters();
        _first = machine.AllocChrdevRegion(Disks.Length, "scull");
        machine.AddDevices(Disks, _first, () => new ScullDevice(parameters, Disks.Length));
        machine.AddDevice(Pipe, () => new ScullPipeDevice(parameters));
        machine.AddDevice(Single, () => new ScullSingleDevice(parameters));
        machine.AddDevice(Uid, () => new ScullUidDevice(parameters));
        machine.AddDevice(Wuid, () => new ScullWuidDevice(parameters));
        machine.AddDevice(Priv, () => new ScullPrivDevice(parameters));
    }

    /// <summary>scull_cleanup_module: files that are open go on, nothing is opened any more.</summary>
    public void Remove()
    {
        foreach (string path in (string[])[.. Disks, Pipe, Single, Uid, Wuid, Priv])
            _machine.RemoveDevice(path);
        _machine.UnregisterChrdevRegion(_first, Disks.Length);
    }
}

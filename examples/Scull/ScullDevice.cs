using EvlActors;
using EvlActors.Drivers;

namespace Scull;

/// <summary>scull: memory that is as large as what was written to it, one piece for each of the driver's minor numbers.</summary>
internal class ScullDevice : CharDevice
{
    private readonly ScullParameters _parameters;
    private readonly ScullDisk[] _disks;

    public ScullDevice(ScullParameters parameters, int minors = 1)
    {
        _parameters = parameters;
        _disks = [.. Enumerable.Range(0, minors).Select(_ => new ScullDisk(parameters))];
    }

    protected override IoTask Open(IoCall call)
    {
        // A policy that gives each opener a disk of its own has put it there before.
        ScullDisk disk = (ScullDisk)(call.File.PrivateData ??= _disks[call.File.Number.Minor % _disks.Length]);
        if ((call.Flags & OpenFlags.AccessMode) == OpenFlags.WriteOnly)
            disk.Trim();
        return SysResult.Ok();
    }

    // One quantum at most: whoever wants more reads again.
    protected override async IoTask Read(IoCall call)
    {
        ReadOnlyMemory<byte> stored = DiskOf(call).At(call.Position, call.Count);
        if (await call.CopyToUser(stored) != 0)
            return Errno.EFAULT;
        call.Position += stored.Length;
        return stored.Length;
    }

    protected override async IoTask Write(IoCall call)
    {
        ScullDisk disk = DiskOf(call);
        Memory<byte> room;
        try
        {
            room = disk.Make(call.Position, call.Count);
        }
        catch (OutOfMemoryException)
        {
            return Errno.ENOMEM;
        }
        if (await call.CopyFromUser(room) != 0)
            return Errno.EFAULT;
        call.Position += room.Length;
        disk.GrowTo(call.Position);
        return room.Length;
    }

    protected override IoTask Llseek(IoCall call) =>
        call.Whence is Whence.Set or Whence.Current or Whence.End ? call.DefaultLlseek(DiskOf(call).Size) : SysResult.Error(Errno.EINVAL);

    protected override IoTask Ioctl(IoCall call) => ScullParameters.Commands.Run(_parameters, call);

    // An int and a pointer look the same to 32-bit processes.
    protected override IoTask CompatIoctl(IoCall call) => CompatPtrIoctl(call);

    private static ScullDisk DiskOf(IoCall call) => (ScullDisk)call.File.PrivateData!; // open put it there
}

using EvlActors.Drivers;

namespace EvlActors.Behaviour;

/// <summary>A driver with a table of commands, for both stages.</summary>
internal sealed class IoctlDevice : CharDevice
{
    internal static readonly IoctlCommand Zero = IoctlCommand.Io('t', 0);
    internal static readonly IoctlCommand Set = IoctlCommand.Iow<int>('t', 1);
    internal static readonly IoctlCommand Get = IoctlCommand.Ior<int>('t', 2);
    internal static readonly IoctlCommand Swap = IoctlCommand.Iowr<int>('t', 3);
    internal static readonly IoctlCommand Tell = IoctlCommand.Io('t', 4);
    internal static readonly IoctlCommand Refuse = IoctlCommand.Iowr<int>('t', 5);
    internal static readonly IoctlCommand Admin = IoctlCommand.Iow<int>('t', 6);
    internal static readonly IoctlCommand Sleep = IoctlCommand.Ior<long>('t', 7);
    internal static readonly IoctlCommand Unchecked = IoctlCommand.Io('t', 8);
    internal static readonly IoctlCommand Checked = IoctlCommand.Io('t', 9);
    internal static readonly IoctlCommand Wake = IoctlCommand.Io('u', 0);

    internal static readonly IoctlTable<IoctlDevice> Commands = new IoctlTableBuilder<IoctlDevice>()
        .Io(Zero, (device, _) => device.Store(0))
        .Iow<int>(Set, (device, _, value) => device.Store(value))
        .Ior<int>(Get, (device, _) => device.Value)
        .Iowr<int>(Swap, (device, _, ref value) =>
        {
            (value, device.Value) = (device.Value, value);
            return 7;
        })
        .Io(Tell, (device, _, value) => device.Store((int)(value >> 4)))
        .Iowr<int>(Refuse, (_, _, ref value) =>
        {
            value = -1;
            return Errno.EINVAL;
        })
        .Iow<int>(Admin, (device, _, value) => device.Store(value), requires: Capabilities.SysAdmin)
        .Handler(Sleep, (device, call) => device.SleepThenPut(call))
        .Handler(Unchecked, async (_, call) => await call.UncheckedGetUser<int>() is { } value ? value : Errno.EFAULT)
        .Handler(Checked, async (_, call) => await call.GetUser<int>() is { } value ? value : Errno.EFAULT)
        .Build();

    private static readonly IoctlTable<IoctlDevice> s_more = new IoctlTableBuilder<IoctlDevice>()
        .Io(Wake, (device, _) =>
        {
            device._sleepers.WakeUp();
            return 0;
        })
        .Build();

    private readonly WaitQueueHead _sleepers = new();

    internal int Value { get; set; }

    protected internal override IoTask Open(IoCall call)
    {
        call.File.OpenOob();
        return SysResult.Ok();
    }

    // Touch no memory: what the VFS tests before shows.
    protected internal override IoTask Read(IoCall call) => SysResult.Ok(call.Count);

    protected internal override IoTask Write(IoCall call) => SysResult.Ok(call.Count);

    protected internal override async IoTask Ioctl(IoCall call)
    {
        SysResult result = await Commands.Run(this, call);
        return result == Errno.ENOIOCTLCMD ? await s_more.Run(this, call) : result;
    }

    protected internal override IoTask OobIoctl(IoCall call) => Commands.Run(this, call);

    protected internal override IoTask CompatIoctl(IoCall call) => CompatPtrIoctl(call);

    protected internal override IoTask CompatOobIoctl(IoCall call) => CompatPtrOobIoctl(call);

    private SysResult Store(int value)
    {
        Value = value;
        return 0;
    }

    private async IoTask SleepThenPut(IoCall call)
    {
        int before = Value;
        if (await _sleepers.WaitEventInterruptible(call, () => Value != before) is { IsError: true } interrupted)
            return interrupted;
        return await call.PutUser((long)Value);
    }
}

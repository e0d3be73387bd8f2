using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;

namespace EvlActors.InBand.Epoll;

/// <summary>What the in-band stage does for epoll: the device of the machine's epolls, and the tests that precede any descriptor.</summary>
internal sealed class EpollSpawner(MachineContext context)
{
    private DeviceRef? _device;

    internal static Errno Refuse(Call call)
    {
        if (call.Object is not PollArguments arguments)
            return Errno.EFAULT;
        if (call.Nr == SyscallNumber.EpollWait)
            return arguments.Events.Count is < 1 or > int.MaxValue ? Errno.EINVAL : Errno.None;
        return (EpollOp)call.Argument != EpollOp.Del && arguments.Event is null ? Errno.EFAULT : Errno.None;
    }

    internal void Create(Call call, FileOpener opener)
    {
        bool isRefused = call.Nr == SyscallNumber.EpollCreate
            ? call.Argument <= 0
            : ((OpenFlags)call.Argument & ~OpenFlags.CloseOnExec) != 0;
        if (isRefused)
        {
            call.Return(Errno.EINVAL);
            return;
        }
        if (call.Nr == SyscallNumber.EpollCreate)
            call.Argument = 0;
        call.Object = _device ??= Spawn();
        opener.Reserve(call);
    }

    private DeviceRef Spawn()
    {
        var driver = new EpollDevice();
        return DeviceSpawner.Spawn(
            context, "/eventpoll", CharDevice.OperationsOf(typeof(EpollDevice)), DeviceTraits.Epoll, Placement.InBand, () => driver, driver);
    }
}

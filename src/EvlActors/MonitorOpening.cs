using EvlActors.Monitors;

namespace EvlActors;

/// <summary>Opens a public semaphore or group of flags by its name, and nothing else that has such a name.</summary>
internal static class MonitorOpening
{
    internal static async ValueTask<SysResult> OpenAsync(UserThread thread, string name, EventProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(name);
        string path = $"/dev/evl/{MonitorDevice.Class}/{(name is ['/', ..] ? name[1..] : name)}";
        SysResult opened = await thread.OpenAsync(path, OpenFlags.ReadWrite | OpenFlags.CloseOnExec).ConfigureAwait(true);
        if (opened.IsError)
            return opened;
        int fd = opened.OrThrow();
        SysResult bound = await thread.Request(SyscallNumber.Ioctl, fd, MonitorCommand.Bind, new MonitorRequest(protocol).Argument)
            .ConfigureAwait(true);
        if (bound.IsSuccess)
            return fd;
        await thread.CloseAsync(fd).ConfigureAwait(true);
        return bound;
    }
}

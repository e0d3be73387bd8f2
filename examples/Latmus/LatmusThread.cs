using EvlActors;

namespace Latmus;

/// <summary>
/// A thread of latmus, with the calls that its body makes. On real threads each of them blocks the OS thread that the body has
/// for itself; in a simulation, which has one thread, the same body runs by asynchronous calls.
/// </summary>
/// <param name="thread">The thread.</param>
/// <param name="blocks">Whether it has an OS thread.</param>
internal sealed class LatmusThread(UserThread thread, bool blocks)
{
    /// <summary>The user thread itself.</summary>
    public UserThread User => thread;

    /// <summary>Runs the body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="cpu">The CPU that its OS thread is pinned to; null: none.</param>
    /// <returns>Completes with the body.</returns>
    public Task Run(Func<Task> body, int? cpu = null) => blocks
        ? thread.Process.StartThread(thread, _ => body().GetAwaiter().GetResult(), cpu)
        : thread.Process.Run(thread, _ => body());

    /// <summary>evl_attach_self.</summary>
    public ValueTask<SysResult> Attach(string name) => blocks ? new(thread.Attach(name)) : thread.AttachAsync(name);

    /// <summary>read(2).</summary>
    public ValueTask<SysResult> Read(int fd, Memory<byte> buffer) =>
        blocks ? new(thread.Read(fd, buffer)) : thread.ReadAsync(fd, buffer);

    /// <summary>oob_ioctl.</summary>
    public ValueTask<SysResult> OobIoctl(int fd, uint command, Memory<byte> argument) =>
        blocks ? new(thread.OobIoctl(fd, command, argument)) : thread.OobIoctlAsync(fd, command, argument);

    /// <summary>evl_set_thread_mode, of the thread itself.</summary>
    public async ValueTask SetMode(int threadFd, EvlThreadMode mask)
    {
        ValueTask<SysResult> setting = thread.SetThreadModeAsync(threadFd, mask);
        SysResult set = blocks ? setting.AsTask().GetAwaiter().GetResult() : await setting;
        set.OrThrow();
    }
}

using EvlActors;

namespace WritingDrivers;

/// <summary>Uses the drivers of the guide.</summary>
public static class Application
{
    /// <summary>Runs it.</summary>
    /// <param name="machine">A machine without these devices.</param>
    /// <param name="output">Where it says what it sees.</param>
    public static async Task Run(EvlMachine machine, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(output);
        machine.AddDevice("/dev/empty", () => new EmptyDevice());
        machine.AddDevice("/dev/slot", () => new SlotDevice());
        machine.AddDevice("/dev/tick", () => new TickDevice());

        EvlProcess app = machine.CreateProcess();
        UserThread display = app.CreateThread();
        UserThread sampler = app.CreateThread(SchedPolicy.Fifo, priority: 90);
        await sampler.AttachAsync().OrThrow();

        int empty = await display.OpenAsync("/dev/empty").OrThrow();
        output.WriteLine($"read: {(await display.ReadAsync(empty, new byte[8])).Errno}");           // EINVAL
        output.WriteLine($"ioctl: {(await display.IoctlAsync(empty, 1)).Errno}");                   // ENOTTY
        output.WriteLine($"oob_read: {(await sampler.OobReadAsync(empty, new byte[8])).Errno}");    // EBADF: no OpenOob

        int tick = await display.OpenAsync("/dev/tick").OrThrow();
        int slot = await display.OpenAsync("/dev/slot").OrThrow();
        PollFd[] ready = [new PollFd(slot, PollEvents.In)];
        ValueTask<SysResult> polling = display.PollAsync(ready, timeoutMs: -1);
        await sampler.OobReadAsync(tick, new byte[8]).OrThrow();                                    // the next tick
        await sampler.OobWriteAsync(slot, BitConverter.GetBytes(42L)).OrThrow();
        await polling.OrThrow();
        byte[] value = new byte[8];
        await display.ReadAsync(slot, value).OrThrow();
        output.WriteLine($"read: {BitConverter.ToInt64(value)}");                                   // 42

        await sampler.OobWriteAsync(slot, value).OrThrow();
        ValueTask<SysResult> full = sampler.OobWriteAsync(slot, value);                             // sleeps
        await display.CloseAsync(slot).OrThrow();                                                   // wakes it, waits until it is out
        Errno end = (await full).Errno;                                                             // EIDRM; EBADF if the close came first
        output.WriteLine($"oob_write has ended: {end is Errno.EIDRM or Errno.EBADF}");
        await display.CloseAsync(tick).OrThrow();
    }
}

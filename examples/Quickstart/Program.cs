using EvlActors;
using Microsoft.Extensions.Logging;

ILoggerFactory log;
try
{
    log = ConsoleLog.Create(args);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 1;
}

await using var machine = new EvlMachine(new EvlMachineOptions { LoggerFactory = log });
machine.AddDevice("/dev/counter", () => new CounterDevice());

EvlProcess app = machine.CreateProcess();
UserThread display = app.CreateThread();                                // an ordinary thread
UserThread sampler = app.CreateThread(SchedPolicy.Fifo, priority: 98);  // a real-time one
await sampler.AttachAsync("/sampler").OrThrow();                        // evl_attach_self: it may call oob_* now

int counter = await display.OpenAsync("/dev/counter").OrThrow();
int xbuf = await display.CreateXbufAsync("samples", inboundBytes: 1024, outboundBytes: 0).OrThrow();

byte[] sample = new byte[4];
ValueTask<SysResult> sampling = sampler.OobReadAsync(counter, sample);  // sleeps out-of-band: nothing was counted yet
await display.WriteAsync(counter, "tick tick"u8.ToArray()).OrThrow();   // in-band, the same driver: wakes it
await sampling.OrThrow();
await sampler.OobWriteAsync(xbuf, sample).OrThrow();                    // across to the in-band side

byte[] shown = new byte[4];
SysResult n = await display.ReadAsync(xbuf, shown);                     // n.Value bytes, or n.Errno
Console.WriteLine($"{n.Value} bytes: {BitConverter.ToInt32(shown)}");   // 4 bytes: 9

await display.CloseAsync(counter).OrThrow();                            // waits until no oob call uses the file
Console.WriteLine((await sampler.OobReadAsync(counter, sample)).Errno); // EBADF
return 0;

using System.Text;
using Akka.Actor;
using EvlActors;
using EvlActors.Akka;

namespace AkkaHost;

/// <summary>An actor that is a process of the machine: opens devices, reads on both stages, and survives a driver that fails.</summary>
internal sealed class Application : ReceiveActor
{
    internal const string Success = "All went as expected.";

    private const int Samples = 5;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly IActorRef _router;
    private readonly UserThread _sampler;
    private readonly UserThread _display;

    public Application(AkkaMachine evl, EvlProcess app, UserThread sampler)
    {
        _router = evl.Router;
        _sampler = sampler;
        _display = app.CreateThread(name: "display");
        ReceiveAsync<Go>(async _ => Sender.Tell(await Run()));
    }

    private async Task<string> Run()
    {
        byte[] buffer = new byte[16];
        int thermometer = (int)(await Call(_display, SyscallNumber.Open, path: "/dev/thermometer")).Value;
        SysResult n = await Call(_display, SyscallNumber.Read, thermometer, buffer);
        Console.WriteLine($"/dev/thermometer, an actor: {Encoding.UTF8.GetString(buffer, 0, (int)n.Value)} degrees");

        int sensor = (int)(await Call(_display, SyscallNumber.Open, path: "/dev/sensor")).Value;
        for (int i = 0; i < Samples; i++)
        {
            await Call(_sampler, SyscallNumber.OobRead, sensor, buffer);
            Console.WriteLine($"/dev/sensor, out-of-band: sample {BitConverter.ToInt32(buffer)}");
        }

        SysResult broken = await Call(_display, SyscallNumber.Ioctl, sensor, argument: SensorDevice.Break);
        Console.WriteLine($"/dev/sensor after its driver threw: {broken}");
        await Call(_display, SyscallNumber.Close, sensor);
        int fresh = (int)(await Call(_display, SyscallNumber.Open, path: "/dev/sensor")).Value;
        SysResult again = await Call(_sampler, SyscallNumber.OobRead, fresh, buffer);
        Console.WriteLine($"/dev/sensor opened anew: sample {BitConverter.ToInt32(buffer)}");

        SysResult closed = await Call(_display, SyscallNumber.Close, fresh);
        bool isRight = n.Value == 4 && broken.Errno == Errno.EIO && again.IsSuccess && closed.IsSuccess;
        return isRight ? Success : "Something went wrong.";
    }

    private async Task<SysResult> Call(UserThread thread, SyscallNumber number, int fd = -1, byte[]? buffer = null, long argument = 0, string? path = null)
    {
        var call = new Syscall(thread.Tid, number)
        {
            Fd = fd,
            Buffer = buffer,
            Path = path,
            Argument = number == SyscallNumber.Open ? (long)OpenFlags.ReadWrite : argument,
        };
        SyscallResult answer = await _router.Ask<SyscallResult>(call, s_limit);
        return answer.Failure is null ? answer.Result : throw new InvalidOperationException(answer.Failure);
    }

    /// <summary>Starts it.</summary>
    internal sealed class Go
    {
        internal static Go Instance { get; } = new();
    }
}

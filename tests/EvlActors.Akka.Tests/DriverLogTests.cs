using EvlActors.Drivers;
using Xunit;

namespace EvlActors.Akka.Tests;

/// <summary>What a machine logs is in Akka's log.</summary>
public sealed class DriverLogTests : MachineKit
{
    [Fact]
    public async Task Driver_Throws_LoggedOnceWithDeviceAndOperation()
    {
        Machine.AddDevice("/dev/bad", () => new BadDevice());
        UserThread t = Machine.CreateProcess().CreateThread();
        int fd = await t.OpenAsync("/dev/bad").OrThrow();
        await EventFilter.Exception<InvalidOperationException>(contains: "/dev/bad failed in Read", source: null).ExpectOneAsync(async () =>
        {
            Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
            Assert.Equal(Errno.EIO, (await t.ReadAsync(fd, new byte[1])).Errno);
        });
        Assert.Equal(1, await t.IoctlAsync(await t.OpenAsync("/dev/bad").OrThrow(), 1).OrThrow());
    }

    [Fact]
    public async Task StrayMessage_ToDovetail_Warned() =>
        await EventFilter.Warning(contains: "Dovetail takes Syscall messages").ExpectOneAsync(() =>
        {
            Machine.Dovetail.Tell(new Stray(), Actors.Rank.InBand);
            return Task.CompletedTask;
        });

    private sealed class BadDevice : CharDevice
    {
        protected internal override IoTask Read(IoCall call) => throw new InvalidOperationException("planted");

        protected internal override IoTask Ioctl(IoCall call) => SysResult.Ok(call.Command);
    }

    private sealed class Stray : Actors.Message
    {
        protected internal override void Undeliverable(Actors.UndeliverableReason reason)
        {
        }
    }
}

using EvlActors.Behaviour;
using Xunit;

namespace EvlActors.Tests.Xbufs;

/// <summary>Who goes first in a lane of the default engine.</summary>
public sealed class XbufOrderTests
{
    [Fact]
    public async Task Write_WakesAnOutOfBandReader_ThatIsAnsweredBeforeTheInBandWrite()
    {
        await using var machine = new EvlMachine();
        var s = new Scenario(machine);
        EvlProcess app = machine.CreateProcess();
        UserThread reader = await s.OobThread(app, priority: 80);
        UserThread writer = await s.OobThread(app, priority: 10);
        int fd = await writer.CreateXbufAsync(null, 4, 4).OrThrow();
        ValueTask<SysResult> reading = reader.OobReadAsync(fd, new byte[4]);
        await s.UntilAsleep(reader);
        Assert.Equal(4, await writer.WriteAsync(fd, new byte[4]));
        Assert.Equal(4, await reading);
        int[] answered =
        [
            .. s.Of(MachineEventKind.CallAnswered)
                .Where(e => e.Nr is SyscallNumber.OobRead or SyscallNumber.Write)
                .Select(e => e.Tid),
        ];
        Assert.Equal([reader.Tid, writer.Tid], answered);
    }
}

using EvlActors;

namespace Scull;

/// <summary>As sculluid, but another user's open waits until the device is free.</summary>
internal static class ScullWuidDemo
{
    public static async Task Play(EvlMachine machine, Narrator tell)
    {
        UserThread anna = ThreadOf(machine, 1001);
        UserThread bert = ThreadOf(machine, 1002);
        int fd = (int)(await tell.Tell("uid 1001: open(scullwuid)", anna.OpenAsync(ScullModule.Wuid))).Value;
        await tell.Tell("uid 1002: open(scullwuid, O_NONBLOCK)", bert.OpenAsync(ScullModule.Wuid, OpenFlags.ReadWrite | OpenFlags.NonBlock));
        tell.Say("uid 1002 opens without O_NONBLOCK, and waits");
        ValueTask<SysResult> opening = bert.OpenAsync(ScullModule.Wuid);
        await tell.Tell("uid 1001: close", anna.CloseAsync(fd));
        await tell.Tell("uid 1002: open(scullwuid)", opening);
        await tell.Tell("uid 1001: open(scullwuid, O_NONBLOCK)", anna.OpenAsync(ScullModule.Wuid, OpenFlags.ReadWrite | OpenFlags.NonBlock));
    }

    private static UserThread ThreadOf(EvlMachine machine, int uid) =>
        machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(uid, uid) }).CreateThread();
}

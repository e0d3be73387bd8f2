using EvlActors;

namespace Scull;

/// <summary>The first opener's user owns the device until its last file is closed.</summary>
internal static class ScullUidDemo
{
    public static async Task Play(EvlMachine machine, Narrator tell)
    {
        UserThread anna = ThreadOf(machine, 1001);
        UserThread annaToo = ThreadOf(machine, 1001);
        UserThread bert = ThreadOf(machine, 1002);
        UserThread root = machine.CreateProcess().CreateThread();

        int fd = (int)(await tell.Tell("uid 1001: open(sculluid)", anna.OpenAsync(ScullModule.Uid))).Value;
        int second = (int)(await tell.Tell("uid 1001, another process: open(sculluid)", annaToo.OpenAsync(ScullModule.Uid))).Value;
        await tell.Tell("uid 1002: open(sculluid)", bert.OpenAsync(ScullModule.Uid));
        int third = (int)(await tell.Tell("root, CAP_DAC_OVERRIDE: open(sculluid)", root.OpenAsync(ScullModule.Uid))).Value;
        await tell.Tell("uid 1001: close both", anna.CloseAsync(fd));
        await annaToo.CloseAsync(second).OrThrow();
        await tell.Tell("uid 1002: open(sculluid), root's file is open", bert.OpenAsync(ScullModule.Uid));
        await tell.Tell("root: close", root.CloseAsync(third));
        await tell.Tell("uid 1002: open(sculluid)", bert.OpenAsync(ScullModule.Uid));
    }

    private static UserThread ThreadOf(EvlMachine machine, int uid) =>
        machine.CreateProcess(new EvlProcessOptions { Credentials = Credentials.User(uid, uid) }).CreateThread();
}

using System.Text;
using EvlActors;

namespace Scull;

/// <summary>Who opens the device from another terminal sees another device.</summary>
internal static class ScullPrivDemo
{
    public static async Task Play(EvlMachine machine, Narrator tell)
    {
        UserThread daemon = machine.CreateProcess().CreateThread();
        await tell.Tell("no controlling terminal: open(scullpriv)", daemon.OpenAsync(ScullModule.Priv));

        UserThread first = ThreadOn(machine, terminal: 1);
        UserThread second = ThreadOn(machine, terminal: 2);
        int fd = (int)(await tell.Tell("tty 1: open(scullpriv)", first.OpenAsync(ScullModule.Priv))).Value;
        await tell.Tell("tty 1: write(\"from tty 1\")", first.WriteAsync(fd, "from tty 1"u8.ToArray()));
        await tell.Tell("tty 1: close", first.CloseAsync(fd));
        await Show(second, "tty 2", tell);
        await Show(ThreadOn(machine, terminal: 1), "tty 1, another process", tell);
    }

    private static async Task Show(UserThread t, string who, Narrator tell)
    {
        byte[] bytes = new byte[32];
        int fd = (int)(await tell.Tell($"{who}: open(scullpriv)", t.OpenAsync(ScullModule.Priv))).Value;
        SysResult n = await tell.Tell($"{who}: read(32)", t.ReadAsync(fd, bytes));
        tell.Say($"read \"{Encoding.ASCII.GetString(bytes, 0, (int)n.Value)}\"");
    }

    private static UserThread ThreadOn(EvlMachine machine, int terminal) =>
        machine.CreateProcess(new EvlProcessOptions { ControllingTerminal = terminal }).CreateThread();
}

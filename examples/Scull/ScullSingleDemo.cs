using EvlActors;

namespace Scull;

/// <summary>One open file: its descriptors may be many.</summary>
internal static class ScullSingleDemo
{
    public static async Task Play(EvlMachine machine, Narrator tell)
    {
        UserThread t = machine.CreateProcess().CreateThread();
        int fd = (int)(await tell.Tell("open(scullsingle)", t.OpenAsync(ScullModule.Single))).Value;
        await tell.Tell("open(scullsingle) once more", t.OpenAsync(ScullModule.Single));
        int dup = (int)(await tell.Tell($"dup({fd})", t.DupAsync(fd))).Value;
        await tell.Tell($"close({fd})", t.CloseAsync(fd));
        await tell.Tell("open(scullsingle)", t.OpenAsync(ScullModule.Single));
        await tell.Tell($"close({dup})", t.CloseAsync(dup));
        await tell.Tell("open(scullsingle)", t.OpenAsync(ScullModule.Single));
    }
}

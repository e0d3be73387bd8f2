using EvlActors;

namespace Scull;

/// <summary>A demonstration: its name on the command line, what it shows, and what it does on a machine with the module.</summary>
internal sealed record Demonstration(string Name, string Shows, Func<EvlMachine, Narrator, Task> Play)
{
    public static IReadOnlyList<Demonstration> All { get; } =
    [
        new("scull", "memory in quantum sets, llseek, ioctl", ScullDemo.Play),
        new("scullpipe", "blocking and non-blocking I/O, poll", ScullPipeDemo.Play),
        new("asynctest", "a signal tells that scullpipe can be read", AsyncDemo.Play),
        new("scullsingle", "one open file at a time", ScullSingleDemo.Play),
        new("sculluid", "one user at a time", ScullUidDemo.Play),
        new("scullwuid", "one user at a time, others wait", ScullWuidDemo.Play),
        new("scullpriv", "a device for each controlling terminal", ScullPrivDemo.Play),
    ];

    /// <summary>Plays it on a machine of its own.</summary>
    public async Task PlayAlone(Narrator tell)
    {
        tell.Title(Name, Shows);
        await using var machine = new EvlMachine();
        _ = new ScullModule(machine);
        await Play(machine, tell);
    }
}

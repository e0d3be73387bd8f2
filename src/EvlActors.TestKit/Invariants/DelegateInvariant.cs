namespace EvlActors.TestKit;

/// <summary>An invariant over single events.</summary>
internal sealed class DelegateInvariant(string name, Func<MachineEvent, string?> check) : IInvariant
{
    public string Name { get; } = name;

    public string? Happened(in MachineEvent happened) => check(happened);

    public string? Ended() => null;
}

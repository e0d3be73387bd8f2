namespace EvlActors.TestKit;

/// <summary>Every message is handled or given back as undeliverable: none is left when the machine and its engine have ended.</summary>
internal sealed class MessageInvariant(SimulationEngine engine) : IInvariant
{
    public string Name => "messages";

    public string? Happened(in MachineEvent happened) => null;

    public string? Ended() =>
        engine.Sent == engine.Handled + engine.GivenBack ? null
        : $"{engine.Sent} were sent, {engine.Handled} handled and {engine.GivenBack} given back";
}

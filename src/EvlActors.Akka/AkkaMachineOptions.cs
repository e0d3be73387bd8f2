using EvlActors.Akka.Engine;

namespace EvlActors.Akka;

/// <summary>How a machine in an actor system is made. Every value has a default that works.</summary>
public sealed record AkkaMachineOptions
{
    /// <summary>The name of a machine that was given none: "evl".</summary>
    public const string DefaultName = "evl";

    /// <summary>Its name: /user/<c>Name</c> is the path of its actors. "evl" by default.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>The machine's own options; without an engine. A logger factory that is left out is Akka's log.</summary>
    public EvlMachineOptions Machine { get; init; } = new();

    /// <summary>The dispatchers and the mailbox.</summary>
    public AkkaEngineOptions Engine { get; init; } = new();

    /// <summary>Whether what happens is published on the EventStream, as <see cref="EvlEvent"/>; yes by default.</summary>
    public bool PublishEvents { get; init; } = true;
}

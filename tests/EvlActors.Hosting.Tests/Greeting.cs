namespace EvlActors.Hosting.Tests;

/// <summary>A service of the host.</summary>
public sealed record Greeting(string Text);

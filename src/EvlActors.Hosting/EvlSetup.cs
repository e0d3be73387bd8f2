namespace EvlActors.Hosting;

/// <summary>One thing that is done with a host's machine when it starts.</summary>
internal sealed record EvlSetup(Func<IServiceProvider, EvlMachine, CancellationToken, Task> Configure);

namespace EvlActors.Hosting;

/// <summary>How a host's machine is made, if not on the priority engine.</summary>
internal sealed record EvlMaker(Func<IServiceProvider, EvlMachineOptions, EvlMachine> Make);

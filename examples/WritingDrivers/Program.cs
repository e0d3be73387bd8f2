using EvlActors;
using WritingDrivers;

await using var machine = new EvlMachine(new EvlMachineOptions());
await Application.Run(machine, Console.Out);

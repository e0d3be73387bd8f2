using FaultInjection;

return Demonstration.Run(Console.Out);

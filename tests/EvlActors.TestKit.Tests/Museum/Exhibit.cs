namespace EvlActors.TestKit.Tests;

/// <summary>A historic defect, planted in a machine or a driver, beside the same scenario on the code as it is.</summary>
/// <param name="Within">How many seeds it takes at most to find it, whichever the first is.</param>
/// <param name="Says">A part of what exploration says of it.</param>
/// <param name="Defective">The scenario with the defect.</param>
/// <param name="Correct">The scenario without.</param>
internal sealed record Exhibit(long Within, string Says, Func<SimulationScenario, Task> Defective, Func<SimulationScenario, Task> Correct)
{
    /// <summary>The machine that the defect is planted in, if it is the machine's.</summary>
    internal EvlMachineOptions Machine { get; init; } = new();

    /// <summary>How it is looked for.</summary>
    internal SimulationStrategy Strategy { get; init; }
}

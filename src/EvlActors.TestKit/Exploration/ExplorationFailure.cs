namespace EvlActors.TestKit;

/// <summary>A run that failed, with the shortest schedule found that still fails in the same way.</summary>
/// <param name="Seed">The seed that failed.</param>
/// <param name="Cause">How the shrunk run fails.</param>
/// <param name="Schedule">The shrunk schedule.</param>
/// <param name="ChoicesBefore">How many choices the schedule had before it was shrunk.</param>
/// <param name="Story">The shrunk run in the words of the scenario: which thread, which call, what before what.</param>
public sealed record ExplorationFailure(ulong Seed, Exception Cause, Schedule Schedule, int ChoicesBefore, string Story)
{
    /// <summary>The line to paste into a test: it fails as long as the defect is there.</summary>
    public string ReplayLine => $"Simulation.Replay(scenario, \"{Schedule}\");";

    /// <summary>The cause, the story and the line that replays it.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        $"{Cause.Message}\nThe shortest way there ({Schedule.Choices.Count} of {ChoicesBefore} choices are left; \"--\" marks each):\n{Story}\nTo replay it: {ReplayLine}";
}

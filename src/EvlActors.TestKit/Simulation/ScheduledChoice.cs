namespace EvlActors.TestKit;

/// <summary>One choice of a schedule.</summary>
/// <param name="Number">Which choice of the run, from 0; only moments count where there was more than one actor to choose from.</param>
/// <param name="Skipped">How many actors that had something to do more recently were passed over; never 0.</param>
public readonly record struct ScheduledChoice(int Number, int Skipped);

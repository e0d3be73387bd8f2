namespace EvlActors.TestKit;

/// <summary>An invariant does not hold.</summary>
/// <param name="invariant">Its name.</param>
/// <param name="what">What is wrong.</param>
public sealed class InvariantViolatedException(string invariant, string what) : Exception($"Invariant '{invariant}' is violated: {what}.")
{
    /// <summary>The invariant's name.</summary>
    public string Invariant { get; } = invariant;
}

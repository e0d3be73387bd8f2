namespace EvlActors.Behaviour;

/// <summary>Ends after it was set a number of times; on any thread.</summary>
public sealed class Tally(int times = 1)
{
    // Asynchronous, so that a scenario never goes on inside an actor's turn.
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = times;

    /// <summary>Completes at the last <see cref="Set"/>.</summary>
    public Task Ended => _ended.Task;

    /// <summary>How many more times it was set than was expected.</summary>
    public int Surplus => Math.Max(0, -Volatile.Read(ref _left));

    /// <summary>Counts down.</summary>
    public void Set()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _ended.SetResult();
    }
}

namespace EvlActors.Tests;

/// <summary>
/// What one walk does: the calls of each thread, of which even ones live in one process and odd ones in another, and the seed
/// of the order in which everything happens.
/// </summary>
internal sealed record WalkProgram(int Seed, WalkCall[][] Threads)
{
    /// <summary>The programs that do one thing less.</summary>
    internal IEnumerable<WalkProgram> Smaller()
    {
        for (int thread = 0; thread < Threads.Length; thread++)
        {
            WalkCall[] calls = Threads[thread];
            for (int i = 0; i < calls.Length; i++)
            {
                WalkCall[][] threads = [.. Threads];
                threads[thread] = [.. calls[..i], .. calls[(i + 1)..]];
                yield return this with { Threads = threads };
            }
        }
    }

    public override string ToString() =>
        $"new({Seed}, [{string.Join(", ", Threads.Select(calls => $"[{string.Join(", ", calls)}]"))}])";
}

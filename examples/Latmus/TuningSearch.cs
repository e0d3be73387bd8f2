using EvlActors;

namespace Latmus;

/// <summary>
/// The course of a tuning: which gravity to try next, and when to stop. The driver runs a step of <see cref="StepTime"/> with
/// <see cref="Gravity"/>, hands in what it found, and goes on while <see cref="Add"/> says so.
/// </summary>
internal sealed class TuningSearch
{
    /// <summary>Steps at the start that are not scored.</summary>
    public const int WarmUpSteps = 10;

    /// <summary>The most steps that are scored.</summary>
    public const int ScoredSteps = 40;

    /// <summary>How much more gravity each scored step gets, in ns.</summary>
    public const int GravityStep = 500;

    /// <summary>How long a step takes.</summary>
    public static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(500);

    private readonly List<TuningStep> _scored = new(ScoredSteps);
    private int _warmUpsLeft = WarmUpSteps;
    private int _limit;
    private bool _ended;
    private bool _earlyShot;

    /// <summary>The gravity for the next step, in ns.</summary>
    public int Gravity { get; private set; }

    /// <summary>The gravity chosen, in ns, or EAGAIN after an early shot. For after the last step.</summary>
    /// <exception cref="InvalidOperationException">The search goes on.</exception>
    public SysResult Result => !_ended ? throw new InvalidOperationException("The search has not ended.")
        : _earlyShot ? Errno.EAGAIN
        : TuningFilter.Choose(_scored);

    /// <summary>Takes what the step with <see cref="Gravity"/> found.</summary>
    /// <param name="mean">The mean latency, in ns.</param>
    /// <param name="stdDev">The standard deviation, in ns.</param>
    /// <param name="min">The smallest latency, in ns.</param>
    /// <returns>Whether another step is wanted.</returns>
    /// <exception cref="InvalidOperationException">The search has ended.</exception>
    public bool Add(int mean, int stdDev, int min)
    {
        if (_ended)
            throw new InvalidOperationException("The search has ended.");
        if (_warmUpsLeft > 0)
        {
            _warmUpsLeft--;
            _limit = Math.Max(_limit, min);
            return true;
        }

        if (min < 0)
        {
            // A gravity this large explains it: enough was tried. Else the timer came before it was due.
            _earlyShot = Gravity < -(long)min;
            return End();
        }

        _scored.Add(new TuningStep(Gravity, mean, stdDev, min));
        Gravity += GravityStep;
        // To anticipate by more than the smallest latency seen in the warm-up makes no sense.
        return (Gravity <= _limit && _scored.Count < ScoredSteps) || End();
    }

    private bool End()
    {
        _ended = true;
        return false;
    }
}

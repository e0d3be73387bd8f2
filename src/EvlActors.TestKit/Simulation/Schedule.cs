using System.Globalization;

namespace EvlActors.TestKit;

/// <summary>
/// The order of a run: its seed, and the choices that differ from letting the actor run that had something to do last. As text
/// it is "seed number:skipped number:skipped ...", to be pasted into a test.
/// </summary>
public sealed class Schedule
{
    /// <summary>Makes a schedule.</summary>
    /// <param name="seed">What draws other than choices come from.</param>
    /// <param name="choices">The choices, by rising number.</param>
    public Schedule(ulong seed, IReadOnlyList<ScheduledChoice> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        Seed = seed;
        Choices = choices;
    }

    /// <summary>What draws other than choices come from.</summary>
    public ulong Seed { get; }

    /// <summary>The choices that are not the default, by rising number.</summary>
    public IReadOnlyList<ScheduledChoice> Choices { get; }

    /// <summary>Reads a schedule.</summary>
    /// <param name="text">What <see cref="ToString"/> wrote.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="FormatException">The text is no schedule.</exception>
    public static Schedule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !ulong.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            throw NoSchedule(text);
        var choices = new ScheduledChoice[words.Length - 1];
        for (int i = 0; i < choices.Length; i++)
        {
            if (words[i + 1].Split(':') is not [var number, var skipped]
                || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n)
                || !int.TryParse(skipped, NumberStyles.None, CultureInfo.InvariantCulture, out int s)
                || s == 0 || (i > 0 && n <= choices[i - 1].Number))
            {
                throw NoSchedule(text);
            }
            choices[i] = new ScheduledChoice(n, s);
        }
        return new Schedule(seed, choices);
    }

    /// <summary>The schedule as text that <see cref="Parse"/> reads.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join(' ', Choices.Select(choice => $"{choice.Number}:{choice.Skipped}").Prepend($"{Seed}"));

    private static FormatException NoSchedule(string text) =>
        new($"'{text}' is no schedule: a seed, then number:skipped for each choice, by rising number.");
}

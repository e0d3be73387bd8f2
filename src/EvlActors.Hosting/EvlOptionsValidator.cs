using Microsoft.Extensions.Options;

namespace EvlActors.Hosting;

/// <summary>Says which key is wrong, and why.</summary>
/// <param name="section">The section that the options are bound to, or what stands for it in messages.</param>
internal sealed class EvlOptionsValidator(string section) : IValidateOptions<EvlOptions>
{
    public ValidateOptionsResult Validate(string? name, EvlOptions options)
    {
        var wrong = new List<string>();
        if (options.OobWorkerCpu is { } cpu && (cpu < 0 || cpu >= Environment.ProcessorCount))
            Add(nameof(EvlOptions.OobWorkerCpu), cpu, $"is 0 to {Environment.ProcessorCount - 1} here, or left out");
        if (options.InBandHoldUpLimit < TimeSpan.Zero)
            Add(nameof(EvlOptions.InBandHoldUpLimit), options.InBandHoldUpLimit, "is not negative");
        if (options.MaxOpenFiles < 0)
            Add(nameof(EvlOptions.MaxOpenFiles), options.MaxOpenFiles, "is not negative");
        if (options.MaxElements < 0)
            Add(nameof(EvlOptions.MaxElements), options.MaxElements, "is not negative");
        if (options.ShutdownGrace < TimeSpan.Zero)
            Add(nameof(EvlOptions.ShutdownGrace), options.ShutdownGrace, "is not negative");
        if (options.Health.AnswerWithin <= TimeSpan.Zero)
            Add($"{nameof(EvlOptions.Health)}:{nameof(EvlHealthOptions.AnswerWithin)}", options.Health.AnswerWithin, "is more than zero");
        if (options.Health.LateChecks < 1)
            Add($"{nameof(EvlOptions.Health)}:{nameof(EvlHealthOptions.LateChecks)}", options.Health.LateChecks, "is at least 1");
        if (options.Health.StuckClose <= TimeSpan.Zero)
            Add($"{nameof(EvlOptions.Health)}:{nameof(EvlHealthOptions.StuckClose)}", options.Health.StuckClose, "is more than zero");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);

        void Add(string key, object value, string rule) => wrong.Add($"{section}:{key} {rule}; it is {value}.");
    }
}

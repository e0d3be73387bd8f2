using System.Collections.Concurrent;
using EvlActors.Actors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace EvlActors.Hosting.Health;

/// <summary>
/// Asks an actor in each stage for a sign of life, and knows the releases that have begun and not ended. One late answer makes
/// the machine degraded; only several, one check after another, make it unhealthy.
/// </summary>
internal sealed class EvlHealthCheck(
    IOptions<EvlOptions> options, [FromKeyedServices(EvlServices.Clock)] TimeProvider clock) : IHealthCheck, IDisposable
{
    // When the release of each file began, in the machine's nanoseconds.
    private readonly ConcurrentDictionary<long, long> _releases = new();
    private EvlMachine? _machine;
    private StagePulse? _inBand;
    private StagePulse? _oob;
    private IDisposable? _listening;

    /// <summary>Begins, when the machine starts.</summary>
    public void Watch(EvlMachine machine)
    {
        _machine = machine;
        _inBand = new StagePulse("in-band", machine.Engine, Placement.InBand, clock);
        _oob = new StagePulse("out-of-band", machine.Engine, Placement.Oob, clock);
        _listening = machine.Events.Subscribe(Note, MachineEventKind.ReleaseBegun, MachineEventKind.ReleaseDone);
    }

    public void Dispose() => _listening?.Dispose();

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_machine is not { } machine || _inBand is not { } inBand || _oob is not { } oob)
            return HealthCheckResult.Unhealthy("The machine has not started.");
        if (machine.Completion.IsFaulted)
            return HealthCheckResult.Unhealthy("An actor of the machine has failed.", machine.Completion.Exception!.InnerException);
        if (machine.Completion.IsCompleted)
            return HealthCheckResult.Unhealthy("The machine has ended.");
        EvlHealthOptions limits = options.Value.Health;
        int[] late = await Task.WhenAll(
            inBand.CountLate(limits.AnswerWithin, cancellationToken), oob.CountLate(limits.AnswerWithin, cancellationToken)).ConfigureAwait(false);
        (int inBandLate, int oobLate) = (late[0], late[1]);
        (long File, double Seconds)[] stuck = Stuck(machine.Engine.MonotonicNs, limits.StuckClose);
        var data = new Dictionary<string, object>
        {
            ["in-band late checks"] = inBandLate,
            ["out-of-band late checks"] = oobLate,
            ["stuck releases"] = stuck.Length,
        };
        string[] complaints =
        [
            .. Late(inBand, inBandLate, limits),
            .. Late(oob, oobLate, limits),
            .. stuck.Select(release => $"The release of file {release.File} takes {release.Seconds:F0} s so far."),
        ];
        if (complaints.Length == 0)
            return HealthCheckResult.Healthy("Both stages answer.", data);
        string description = string.Join(' ', complaints);
        return Math.Max(inBandLate, oobLate) >= limits.LateChecks
            ? new HealthCheckResult(context.Registration.FailureStatus, description, data: data)
            : HealthCheckResult.Degraded(description, data: data);
    }

    private static IEnumerable<string> Late(StagePulse stage, int times, EvlHealthOptions limits)
    {
        if (times > 0)
            yield return $"The {stage.Name} stage did not answer within {limits.AnswerWithin.TotalSeconds} s, in {times} of {limits.LateChecks} checks.";
    }

    private (long File, double Seconds)[] Stuck(long nowNs, TimeSpan limit) =>
    [
        .. _releases.Where(release => nowNs - release.Value >= limit.TotalNanoseconds)
            .Select(release => (release.Key, (nowNs - release.Value) / 1e9))
            .OrderBy(release => release.Key),
    ];

    private void Note(MachineEvent happened)
    {
        if (happened.Kind == MachineEventKind.ReleaseBegun)
            _releases[happened.File] = happened.TimeNs;
        else if (happened.Kind == MachineEventKind.ReleaseDone)
            _releases.TryRemove(happened.File, out _);
    }
}

using System.Diagnostics.Metrics;
using EvlActors.Actors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace EvlActors.Hosting.Metrics;

/// <summary>
/// The machine's instruments. Nothing listens to the machine for them while nobody listens to them: once a second it is looked
/// who does, and what lanes have counted meanwhile is handed on, so no meter's listener ever runs in a lane.
/// </summary>
internal sealed class EvlMeter : IDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly Meter _meter;
    private readonly IOptions<EvlOptions> _options;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _gate = new(); // one look at a time, and none after the end
    private readonly CallTally _calls = new();
    private readonly EventTally _events = new();
    private readonly Histogram<double> _duration;
    private readonly List<(Instrument Instrument, MachineEventKind[] Kinds)> _counted;
    private readonly Histogram<double> _wait;
    private readonly Instrument[] _seen;
    private EvlMachine? _machine;
    private Surroundings? _surroundings;
    private MailboxWait? _mailboxes;
    private ITimer? _timer;
    private MachineEventKind[] _heard = [];
    private IDisposable? _listening;
    private bool _hasEnded;

    public EvlMeter(IMeterFactory meters, IOptions<EvlOptions> options, [FromKeyedServices(EvlServices.Clock)] TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _meter = meters.Create(EvlServices.MeterName);
        _duration = _meter.CreateHistogram(
            "evl.call.duration", "s", "How long system calls took, sleeps included.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = CallTally.Boundaries });
        _counted =
        [
            (_duration, [MachineEventKind.CallAnswered]),
            (_meter.CreateObservableCounter("evl.calls", _calls.Calls, "{call}", "System calls that were answered."), [MachineEventKind.CallAnswered]),
            (_meter.CreateObservableCounter("evl.stage.switches", _events.Switches, "{switch}", "Switches of threads between the stages."),
                [MachineEventKind.SwitchedOob, MachineEventKind.SwitchedInBand]),
            (_meter.CreateObservableCounter("evl.device.failures", () => _events.Failures, "{failure}", "Devices that have failed."),
                [MachineEventKind.DeviceFailed]),
            (_meter.CreateObservableCounter("evl.driver.warnings", () => _events.Warnings, "{warning}", "Rules that drivers broke without failing."),
                [MachineEventKind.DriverWarning]),
            (_meter.CreateObservableCounter("evl.faults.injected", () => _events.Faults, "{fault}", "Faults that were injected."),
                [MachineEventKind.FaultInjected]),
        ];
        _wait = _meter.CreateHistogram(
            "evl.mailbox.wait", "s", "How long a message waited that was sent to a stage behind all others; one a second.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = CallTally.Boundaries });
        _meter.CreateObservableUpDownCounter(
            "evl.mailbox.depth", Depths, "{message}", "In-band-ranked messages that wait in a stage.");
        _meter.CreateObservableUpDownCounter(
            "evl.open_files", () => _machine?.OpenFiles ?? 0, "{file}", "Open file descriptions, the console's among them.");
        _seen =
        [
            _meter.CreateObservableUpDownCounter(
                "evl.closes.stuck", () => _surroundings?.Stuck ?? 0, "{file}", "Files whose release takes longer than Health:StuckClose."),
            _meter.CreateObservableGauge("evl.ring.fill", () => _surroundings?.Fills() ?? [], "By", "Bytes in a ring."),
            _meter.CreateObservableGauge("evl.ring.size", () => _surroundings?.Sizes() ?? [], "By", "Bytes that fit in a ring."),
        ];
    }

    /// <summary>Begins, when the machine starts.</summary>
    internal void Watch(EvlMachine machine)
    {
        _machine = machine;
        _surroundings = new Surroundings(machine, _options.Value.Health.StuckClose);
        Look();
        _timer = _clock.CreateTimer(static meter => ((EvlMeter)meter!).Look(), this, s_period, s_period); // made with this
    }

    public void Dispose()
    {
        _timer?.Dispose();
        lock (_gate)
        {
            _hasEnded = true;
            _listening?.Dispose();
        }
        _ending.Cancel();
        _ending.Dispose();
        _meter.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_hasEnded || _machine is not { } machine)
                return;
            MachineEventKind[] wanted = [.. _counted.Where(counted => counted.Instrument.Enabled).SelectMany(counted => counted.Kinds).Distinct()];
            if (!wanted.AsSpan().SequenceEqual(_heard))
            {
                _listening?.Dispose();
                _heard = wanted;
                _listening = wanted.Length == 0 ? null : machine.Events.Subscribe(Count, wanted);
            }
            if (machine.Completion.IsCompleted)
                return;
            if (_wait.Enabled)
                (_mailboxes ??= new MailboxWait(machine.Engine, _wait)).Ask();
            if (Array.Exists(_seen, instrument => instrument.Enabled))
                _ = _surroundings!.Look(_ending.Token); // the machine has them
        }
        // Not under the lock: it runs listeners.
        _calls.MoveTo(_duration);
    }

    private IEnumerable<Measurement<int>> Depths() => _machine?.Engine is not IInBandWork engine ? [] :
    [
        new(engine.InBandWorkOf(Placement.InBand), new KeyValuePair<string, object?>("evl.stage", CallTally.NameOf(Stage.InBand))),
        new(engine.InBandWorkOf(Placement.Oob), new KeyValuePair<string, object?>("evl.stage", CallTally.NameOf(Stage.Oob))),
    ];

    private void Count(MachineEvent happened)
    {
        if (happened.Kind == MachineEventKind.CallAnswered)
            _calls.Count(happened);
        else
            _events.Count(happened);
    }
}

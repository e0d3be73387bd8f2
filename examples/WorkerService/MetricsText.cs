using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using EvlActors.Hosting;

namespace WorkerService;

/// <summary>
/// The machine's instruments as text in the Prometheus format. Stands for an exporter: with OpenTelemetry it would be
/// <c>services.AddOpenTelemetry().WithMetrics(m => m.AddMeter(EvlServices.MeterName)...)</c>.
/// </summary>
internal sealed class MetricsText : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), double> _values = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Distribution> _distributions = new();

    public MetricsText()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == EvlServices.MeterName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What the instruments say now.</summary>
    internal string Read()
    {
        _values.Clear();
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (((Instrument instrument, string labels), double value) in _values.OrderBy(line => (line.Key.Instrument.Name, line.Key.Labels)))
            Line(NameOf(instrument), labels, value);
        foreach (((Instrument instrument, string labels), Distribution distribution) in _distributions.OrderBy(line => (line.Key.Instrument.Name, line.Key.Labels)))
        {
            (long[] upTo, long count, double sum) = distribution.Read();
            for (int i = 0; i < upTo.Length; i++)
                Line($"{NameOf(instrument)}_bucket", $"{labels},le=\"{distribution.Boundaries[i].ToString(CultureInfo.InvariantCulture)}\"", upTo[i]);
            Line($"{NameOf(instrument)}_bucket", $"{labels},le=\"+Inf\"", count);
            Line($"{NameOf(instrument)}_sum", labels, sum);
            Line($"{NameOf(instrument)}_count", labels, count);
        }
        return text.ToString();

        void Line(string name, string labels, double value) =>
            text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value}\n");
    }

    public void Dispose() => _listener.Dispose();

    private static string NameOf(Instrument instrument)
    {
        string unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return instrument.Name.Replace('.', '_') + unit + (instrument is ObservableCounter<long> ? "_total" : "");
    }

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = string.Join(',', tags.ToArray().Select(tag => $"{tag.Key.Replace('.', '_')}=\"{tag.Value}\""));
        if (instrument is Histogram<double> histogram)
            _distributions.GetOrAdd((instrument, labels), _ => new Distribution([.. histogram.Advice?.HistogramBucketBoundaries ?? []])).Add(value);
        else
            _values[(instrument, labels)] = value;
    }
}

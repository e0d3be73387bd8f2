using System.Diagnostics.Metrics;

namespace EvlActors.Hosting.Tests.Metrics;

/// <summary>Listens to one host's instruments and keeps what they say.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, string Tags)> _heard = [];

    /// <summary>Begins to listen.</summary>
    /// <param name="scope">The host's meter factory, by which its meters are told from those of other tests.</param>
    /// <param name="instruments">The instruments' names.</param>
    internal MeterReader(object scope, params string[] instruments)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == scope && instruments.Contains(instrument.Name))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>What was recorded since the last time, and what observable instruments say now.</summary>
    internal (string Name, double Value, string Tags)[] Read()
    {
        _listener.RecordObservableInstruments();
        lock (_heard)
        {
            (string, double, string)[] heard = [.. _heard];
            _heard.Clear();
            return heard;
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        lock (_heard)
            _heard.Add((instrument.Name, value, text));
    }
}

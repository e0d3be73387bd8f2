namespace EvlActors.Behaviour.InBand;

/// <summary>What a driver under test was asked for, in order; read when the calls have been answered.</summary>
public sealed class Log
{
    private readonly object _gate = new();
    private readonly List<string> _lines = [];

    /// <summary>Everything so far.</summary>
    public string[] Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        lock (_gate)
            _lines.Add(line);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_gate)
            _lines.Clear();
    }
}

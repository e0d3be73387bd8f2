namespace SenseHat.Tests;

/// <summary>LEDs that count how often they were lit anew.</summary>
internal sealed class RecordedPanel : ILedPanel
{
    private readonly Lock _lock = new();
    private Led[] _lit = new Led[Picture.Pixels];
    private int _times;

    /// <summary>What they show.</summary>
    public IReadOnlyList<Led> Lit
    {
        get
        {
            lock (_lock)
                return _lit;
        }
    }

    /// <summary>How often it has changed.</summary>
    public int Times
    {
        get
        {
            lock (_lock)
                return _times;
        }
    }

    public void Light(ReadOnlySpan<Led> leds)
    {
        lock (_lock)
        {
            _lit = leds.ToArray();
            _times++;
        }
    }
}

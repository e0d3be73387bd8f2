namespace SenseHat;

/// <summary>LEDs that remember what they show, for whoever prints it.</summary>
internal sealed class TerminalPanel : ILedPanel
{
    private readonly Lock _lock = new();
    private readonly Led[] _lit = new Led[Picture.Pixels];

    public void Light(ReadOnlySpan<Led> leds)
    {
        lock (_lock)
            leds.CopyTo(_lit);
    }

    /// <summary>What they show.</summary>
    /// <param name="leds">Takes it, row by row.</param>
    public void Look(Span<Led> leds)
    {
        lock (_lock)
            _lit.CopyTo(leds);
    }
}

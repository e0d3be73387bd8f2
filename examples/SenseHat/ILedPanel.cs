namespace SenseHat;

/// <summary>The LEDs themselves, as the driver of the matrix sees them.</summary>
internal interface ILedPanel
{
    /// <summary>Lights the LEDs, row by row; in a turn of the device, keeps nothing of what it is passed.</summary>
    void Light(ReadOnlySpan<Led> leds);
}

using Spectre.Console;
using Spectre.Console.Rendering;

namespace SenseHat;

/// <summary>The LEDs as something that Spectre.Console renders.</summary>
internal static class LedView
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";
    private const string Dark = "...";

    /// <summary>In colours; where there are none each LED is its three levels, red, green and blue, as digits from 0 to v.</summary>
    public static IRenderable Of(ReadOnlySpan<Led> leds, ColorSystem colours) =>
        colours == ColorSystem.NoColors ? InDigits(leds) : InColours(leds);

    private static Canvas InColours(ReadOnlySpan<Led> leds)
    {
        var canvas = new Canvas(Picture.Side, Picture.Side);
        for (int i = 0; i < leds.Length; i++)
            canvas.SetPixel(i % Picture.Side, i / Picture.Side, new Color(Bright(leds[i].Red), Bright(leds[i].Green), Bright(leds[i].Blue)));
        return canvas;
    }

    private static Panel InDigits(ReadOnlySpan<Led> leds)
    {
        string[] rows = new string[Picture.Side];
        for (int y = 0; y < Picture.Side; y++)
            rows[y] = string.Join(' ', leds.Slice(y * Picture.Side, Picture.Side).ToArray().Select(LevelsOf));
        return new Panel(new Text(string.Join('\n', rows))).AsciiBorder();
    }

    private static string LevelsOf(Led led) => led == default ? Dark : $"{Digits[led.Red]}{Digits[led.Green]}{Digits[led.Blue]}";

    private static byte Bright(byte level) => (byte)(level * byte.MaxValue / Led.MaxLevel);
}

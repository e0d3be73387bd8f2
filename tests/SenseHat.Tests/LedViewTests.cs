using Spectre.Console;

namespace SenseHat.Tests;

/// <summary>What the terminal gets.</summary>
public sealed class LedViewTests
{
    [Fact]
    public void Render_InColours_LevelsAsBackgrounds()
    {
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = ColorSystemSupport.TrueColor,
            Out = new AnsiConsoleOutput(output),
        });
        var leds = new Led[Picture.Pixels];
        leds[1] = new Led(31, 10, 0);
        console.Write(LedView.Of(leds, ColorSystem.TrueColor));
        string[] rows = output.ToString().TrimEnd().Split('\n');
        Assert.Equal(Picture.Side, rows.Length);
        Assert.StartsWith("\e[48;2;0;0;0m  \e[0m\e[48;2;255;82;0m  \e[0m", rows[0], StringComparison.Ordinal);
        Assert.DoesNotContain("255", rows[1], StringComparison.Ordinal);
    }
}

using EvlActors;
using Spectre.Console;

namespace SenseHat;

/// <summary>Prints what is played: when, what, and what came back. The time is that of the session, the sum of its delays.</summary>
internal sealed class SessionOutput(IAnsiConsole console)
{
    private int _ms;

    public void Passed(int ms) => _ms += ms;

    public void Title(string text) => Line($"-- {text}");

    public void Happened(string what) => Line($"[{_ms,6}] {what}");

    /// <summary>A call with its result, as strace shows it.</summary>
    public void Returned(string thread, string call, SysResult result, string? got) =>
        Happened($"{thread}: {call} = {(result.IsError ? $"-1 {result.Errno}" : $"{result.Value}{(got is null ? "" : $" {got}")}")}");

    public void Show(ReadOnlySpan<Led> leds) => console.Write(LedView.Of(leds, (ColorSystem)console.Profile.Capabilities.ColorSystem));

    // Not by the console: it would wrap the line.
    private void Line(string text) => console.Profile.Out.Writer.WriteLine(text);
}

using System.Globalization;

namespace EvlActors.Benchmarks.Ratios;

/// <summary>
/// One line for each figure: <c>name  measured  unit  ratio  target  ok|short|unmeasured</c>. Counts those that fall short.
/// </summary>
internal sealed class RatioReport(TextWriter output)
{
    private const string NoFigure = "-";

    /// <summary>How many figures fell short of their target.</summary>
    public int Short { get; private set; }

    /// <summary>A figure judged by its ratio to a yardstick, at most the target.</summary>
    public void Ratio(string name, double measured, string unit, double ratio, double target) =>
        Add(name, Number(measured), unit, Number(ratio), $"<={Number(target)}", ratio <= target);

    /// <summary>A figure judged by its ratio to a yardstick, at least the target.</summary>
    public void RatioAtLeast(string name, double measured, string unit, double ratio, double target) =>
        Add(name, Number(measured), unit, Number(ratio), $">={Number(target)}", ratio >= target);

    /// <summary>A figure judged by itself, at most the target.</summary>
    public void Absolute(string name, double measured, string unit, double target) =>
        Add(name, Number(measured), unit, NoFigure, $"<={Number(target)}", measured <= target);

    /// <summary>What can't be measured here.</summary>
    public void Unmeasured(string name, string unit) => Line(name, NoFigure, unit, NoFigure, NoFigure, "unmeasured");

    private void Add(string name, string measured, string unit, string ratio, string target, bool isMet)
    {
        if (!isMet)
            Short++;
        Line(name, measured, unit, ratio, target, isMet ? "ok" : "short");
    }

    private void Line(string name, string measured, string unit, string ratio, string target, string verdict)
    {
        output.WriteLine($"{name,-52}  {measured,9}  {unit,-5}  {ratio,7}  {target,7}  {verdict}");
        output.Flush();
    }

    // Three digits that count.
    private static string Number(double value) =>
        value >= 100 ? value.ToString("F0", CultureInfo.InvariantCulture) : value.ToString("G3", CultureInfo.InvariantCulture);
}

using System.Globalization;
using Serilog.Events;

namespace Latmus;

/// <summary>
/// Reads the command line as getopt does: letters may be joined ("-kq"), a value follows its letter or is the next argument,
/// the last of a repeated option counts. Everything is checked before anything starts.
/// </summary>
internal sealed class LatmusCommandLine
{
    private const int MaxCpu = 1023;
    private const int MaxAbortUs = int.MaxValue / 1000;
    private const int MaxLines = 1_000_000;
    private const int MaxLoadThreads = 64;

    private readonly IReadOnlyList<string> _arguments;
    private readonly SortedSet<LatmusContext> _contexts = [];
    private LatmusOptions _options = new();
    private int _next;
    private bool _durationGiven;

    private LatmusCommandLine(IReadOnlyList<string> arguments) => _arguments = arguments;

    /// <summary>Reads and checks the arguments.</summary>
    /// <param name="arguments">Those of the program, its name not among them.</param>
    /// <param name="exists">Whether a path is taken already; null: asks the file system.</param>
    /// <returns>The options; with <see cref="LatmusOptions.ShowHelp"/> set, the rest of them was not looked at.</returns>
    /// <exception cref="UsageException">Something is wrong; the message is one line.</exception>
    public static LatmusOptions Parse(IReadOnlyList<string> arguments, Func<string, bool>? exists = null)
    {
        LatmusCommandLine line = new(arguments);
        line.Read();
        return line._options.ShowHelp ? line._options : line.Check(exists ?? Path.Exists);
    }

    private void Read()
    {
        while (_next < _arguments.Count && !_options.ShowHelp)
        {
            string argument = _arguments[_next++];
            if (argument.StartsWith("--", StringComparison.Ordinal))
                ReadLong(argument);
            else if (argument.Length > 1 && argument[0] == '-')
                ReadLetters(argument);
            else
                throw new UsageException($"'{argument}' is not an option; only options are allowed, -h lists them");
        }
    }

    private void ReadLong(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? argument : argument[..equals];
        string attached = equals < 0 ? "" : argument[(equals + 1)..];
        _options = name switch
        {
            "--load" => _options with { LoadThreads = Number(name, attached, 0, MaxLoadThreads, "threads") },
            "--log" => _options with { LogLevel = Level(name, attached) },
            "--help" when equals < 0 => _options with { ShowHelp = true },
            _ => throw new UsageException($"unknown option '{argument}'; -h lists the options"),
        };
    }

    private void ReadLetters(string argument)
    {
        for (int i = 1; i < argument.Length && !_options.ShowHelp; i++)
        {
            string rest = argument[(i + 1)..];
            if (ReadSwitch(argument[i]))
                continue;
            ReadValue(argument[i], rest);
            return;
        }
    }

    private bool ReadSwitch(char letter)
    {
        LatmusOptions? read = letter switch
        {
            'i' => WithContext(LatmusContext.Irq),
            'k' => WithContext(LatmusContext.Kern),
            'u' => WithContext(LatmusContext.User),
            's' => WithContext(LatmusContext.Sirq),
            'm' => _options with { Tune = false },
            't' => _options with { Tune = true },
            'q' => _options with { Verbosity = 0 },
            'b' => _options with { Background = true },
            'K' => _options with { KeepGoing = true },
            'r' => _options with { ResetGravity = true },
            'h' => _options with { ShowHelp = true },
            _ => null,
        };
        _options = read ?? _options;
        return read is not null;
    }

    private void ReadValue(char letter, string attached)
    {
        string name = $"-{letter}";
        _options = letter switch
        {
            'p' => _options with { PeriodUs = Number(name, attached, 1, 1_000_000, "us") },
            'P' => _options with { Priority = Number(name, attached, 0, 99) },
            'c' => _options with { Cpu = Number(name, attached, 0, MaxCpu), ForceCpu = false },
            'C' => _options with { Cpu = Number(name, attached, 0, MaxCpu), ForceCpu = true },
            'T' => WithDuration(name, attached),
            'g' => _options with { Histogram = true, HistogramPath = OptionalPath(attached) },
            'H' => _options with { HistogramCells = Number(name, attached, 1, LatencyHistogram.MaxCells, "cells") },
            'l' => _options with { Lines = Number(name, attached, 0, MaxLines, "lines") },
            'A' => _options with { AbortAboveUs = Number(name, attached, 1, MaxAbortUs, "us") },
            // The value of -v is optional, so only what is attached can be meant.
            'v' => _options with { Verbosity = attached.Length == 0 ? 1 : Number(name, attached, 0, 9) },
            _ => throw new UsageException($"unknown option '{name}'; -h lists the options"),
        };
    }

    private LatmusOptions WithContext(LatmusContext context)
    {
        _contexts.Add(context);
        return _options;
    }

    private LatmusOptions WithDuration(string name, string attached)
    {
        const string Allowed = "a whole number of seconds, or one followed by d, h, m or s, at most 2147483647 s; 0: endless";
        string text = Value(name, attached, Allowed);
        int unit = text.Length == 0 ? 0 : text[^1] switch { 'd' => 86_400, 'h' => 3_600, 'm' => 60, 's' => 1, _ => 0 };
        string digits = unit == 0 ? text : text[..^1];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            || (long)count * Math.Max(unit, 1) > int.MaxValue)
            throw new UsageException($"{name} '{text}': must be {Allowed}");
        _durationGiven = true;
        return _options with { Duration = TimeSpan.FromSeconds((long)count * Math.Max(unit, 1)) };
    }

    private string? OptionalPath(string attached)
    {
        string path = attached;
        // No positional argument is ever allowed, so a word that follows can only be the file.
        if (path.Length == 0 && _next < _arguments.Count && (_arguments[_next] == "-" || !_arguments[_next].StartsWith('-')))
            path = _arguments[_next++];
        return path is "" or "-" ? null : path;
    }

    private LogEventLevel Level(string name, string attached)
    {
        string[] levels = Enum.GetNames<LogEventLevel>();
        string allowed = $"one of {string.Join(", ", levels)}";
        string text = Value(name, attached, allowed);
        // Enum.Parse alone would take numbers and lists as well.
        if (!levels.Contains(text, StringComparer.OrdinalIgnoreCase))
            throw new UsageException($"{name} '{text}': must be {allowed}");
        return Enum.Parse<LogEventLevel>(text, ignoreCase: true);
    }

    private int Number(string name, string attached, int min, int max, string unit = "")
    {
        string allowed = $"a whole number, {min} to {max} {unit}".TrimEnd();
        string text = Value(name, attached, allowed);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
            return number;
        throw new UsageException($"{name} '{text}': must be {allowed}");
    }

    private string Value(string name, string attached, string allowed)
    {
        if (attached.Length > 0)
            return attached;
        return _next < _arguments.Count ? _arguments[_next++] : throw new UsageException($"{name} needs a value: {allowed}");
    }

    private LatmusOptions Check(Func<string, bool> exists)
    {
        List<string> notices = [];
        if (_options.Tune && _contexts.Contains(LatmusContext.Sirq))
            throw new UsageException("-t and -s exclude each other: tune for -i, -k, -u, or all by default (EINVAL)");
        if (!_options.Tune && _contexts.Count > 1)
            throw new UsageException("only one of -i, -k, -u, -s is allowed when measuring (EINVAL)");
        if (_contexts.Count > 0)
            _options = _options with { Contexts = [.. _contexts] };
        else if (_options.Tune)
            _options = _options with { Contexts = [LatmusContext.Irq, LatmusContext.Kern, LatmusContext.User] };

        if (_options.Background)
        {
            _options = _options with { Verbosity = 0 };
        }
        else if (_options.Quiet && !_options.Tune && !_durationGiven)
        {
            notices.Add("-q needs -T: -q is ignored");
            _options = _options with { Verbosity = 1 };
        }

        if (_options.Tune && _options.Histogram)
        {
            notices.Add("-g is for measuring: -g is ignored");
            _options = _options with { Histogram = false, HistogramPath = null };
        }

        if (_options.HistogramPath is { } path && exists(path))
            throw new UsageException($"-g '{path}': the file exists and is not overwritten; name a new one (EINVAL)");
        return _options with { Notices = notices };
    }
}

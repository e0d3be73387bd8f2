using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

/// <summary>The machine's log on standard error, by Serilog.</summary>
internal static class ConsoleLog
{
    /// <summary>Makes it.</summary>
    /// <param name="args">"--log LEVEL" chooses the least severe event shown; Warning unless said otherwise.</param>
    /// <returns>Dispose of it to flush it.</returns>
    /// <exception cref="ArgumentException">The arguments are others; the message says what is allowed.</exception>
    public static ILoggerFactory Create(string[] args)
    {
        LogEventLevel level = LogEventLevel.Warning;
        if (args.Length > 0 && !(args is ["--log", var name] && Enum.TryParse(name, ignoreCase: true, out level)))
            throw new ArgumentException($"'{string.Join(' ', args)}' is not understood: --log {string.Join('|', Enum.GetNames<LogEventLevel>())}");
        Serilog.Core.Logger logger = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .WriteTo.Console(formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger();
        return new SerilogLoggerFactory(logger, dispose: true);
    }
}

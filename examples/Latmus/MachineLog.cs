using System.Globalization;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;

namespace Latmus;

/// <summary>The machine's log on the terminal, on standard error so that results can be piped.</summary>
internal static class MachineLog
{
    /// <summary>Makes it.</summary>
    /// <param name="level">The least severe event shown.</param>
    /// <returns>Dispose of it to flush it.</returns>
    public static ILoggerFactory Create(LogEventLevel level) => new SerilogLoggerFactory(
        new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}",
                formatProvider: CultureInfo.InvariantCulture,
                standardErrorFromLevel: LogEventLevel.Verbose)
            .CreateLogger(),
        dispose: true);
}

using EvlActors.Actors;
using Microsoft.Extensions.Logging;

namespace EvlActors.Calls;

/// <summary>
/// The log of the machine's turns: a line is given to an actor of the in-band stage, which writes it, so no turn waits for a
/// logger's sink, out-of-band ones least of all. Lines that are left at the machine's end are written by whoever ends it.
/// </summary>
internal sealed class TurnLog(ILogger target) : ILogger
{
    private ActorRef? _writer;

    /// <summary>Who writes; until it is set, before the machine runs, lines are written at once.</summary>
    internal ActorRef Writer
    {
        set => Volatile.Write(ref _writer, value);
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => target.IsEnabled(logLevel);

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var line = new LogLine(() => target.Log(logLevel, eventId, state, exception, formatter));
        if (Volatile.Read(ref _writer) is { } writer)
            writer.Tell(line, Rank.InBand);
        else
            line.Write();
    }
}

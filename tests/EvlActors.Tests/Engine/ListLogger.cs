using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EvlActors.Tests.Engine;

/// <summary>Keeps the messages of the exceptions that were logged.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly ConcurrentQueue<string> _causes = new();

    public IEnumerable<string> Causes => _causes;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
            _causes.Enqueue(exception.Message);
    }
}

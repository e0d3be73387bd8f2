using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EvlActors.Behaviour;

/// <summary>Keeps what a machine logs together with an exception.</summary>
internal sealed class FailureLog : ILoggerFactory, ILogger
{
    /// <summary>The messages, each with its exception's.</summary>
    internal ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
            Lines.Enqueue($"{formatter(state, exception)} {exception.Message}");
    }

    public void Dispose()
    {
    }
}

using Akka.Actor;
using Akka.Event;
using Microsoft.Extensions.Logging;

namespace EvlActors.Akka.Log;

/// <summary>Writes what a machine logs to the log of its actor system, with the machine's name as source.</summary>
/// <param name="system">The actor system.</param>
/// <param name="source">The machine's name.</param>
internal sealed class AkkaLoggerFactory(ActorSystem system, string source) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new AkkaLogger(Logging.GetLogger(system, source));

    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("This factory has one place to log to, Akka's log: give the machine a logger factory of your own.");

    public void Dispose()
    {
    }
}

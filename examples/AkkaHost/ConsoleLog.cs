using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace AkkaHost;

/// <summary>Akka's log on the console: one line for each error or warning.</summary>
internal sealed class ConsoleLog : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    public ConsoleLog()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<Error>(e => Console.WriteLine($"  log: {e.LogSource}: {e.Message} ({e.Cause?.Message})"));
        Receive<Warning>(w => Console.WriteLine($"  log: {w.LogSource}: {w.Message}"));
        Receive<LogEvent>(_ => { });
    }
}

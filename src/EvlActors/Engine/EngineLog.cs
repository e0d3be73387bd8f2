using EvlActors.Actors;
using Microsoft.Extensions.Logging;

namespace EvlActors.Engine;

/// <summary>What the engine logs.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(LogIds.RealTimeRefused, LogLevel.Warning,
        "SCHED_FIFO was not granted: the oob lane runs on ordinary threads, and every thread may own it.")]
    internal static partial void RealTimeRefused(this ILogger logger);

    [LoggerMessage(LogIds.MemoryLockRefused, LogLevel.Warning, "Memory could not be locked: page faults may delay the oob lane.")]
    internal static partial void MemoryLockRefused(this ILogger logger);

    [LoggerMessage(LogIds.PinRefused, LogLevel.Warning, "Thread '{Name}' could not be pinned to CPU {Cpu}.")]
    internal static partial void PinRefused(this ILogger logger, string name, int cpu);

    [LoggerMessage(LogIds.ThreadPriorityRefused, LogLevel.Warning, "Thread '{Name}' was not granted SCHED_FIFO {Priority}: it runs as an ordinary thread.")]
    internal static partial void ThreadPriorityRefused(this ILogger logger, string name, int priority);

    [LoggerMessage(LogIds.ActorFailedUnsupervised, LogLevel.Error, "Actor '{Name}' failed and was stopped; it has no supervisor.")]
    internal static partial void ActorFailedUnsupervised(this ILogger logger, Exception cause, string name);

    [LoggerMessage(LogIds.StoppedThrew, LogLevel.Error, "Actor '{Name}' threw from Stopped.")]
    internal static partial void StoppedThrew(this ILogger logger, Exception cause, string name);

    [LoggerMessage(LogIds.UndeliverableThrew, LogLevel.Error, "A {Message} to actor '{Name}' threw from Undeliverable.")]
    internal static partial void UndeliverableThrew(this ILogger logger, Exception cause, string message, string name);

    [LoggerMessage(LogIds.InBandWorkHeldUp, LogLevel.Warning,
        "In-band work in lane '{Name}' had no turn for more than {Milliseconds} ms: out-of-band work takes them all. This is said once.")]
    internal static partial void InBandWorkHeldUp(this ILogger logger, string name, double milliseconds);

    [LoggerMessage(LogIds.WorkerDied, LogLevel.Error, "The worker of lane '{Name}' died; another takes its place.")]
    internal static partial void WorkerDied(this ILogger logger, Exception? cause, string name);
}

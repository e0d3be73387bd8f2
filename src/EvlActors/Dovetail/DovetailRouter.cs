using EvlActors.Actors;
using EvlActors.Calls;
using Microsoft.Extensions.Logging;

namespace EvlActors.Dovetail;

/// <summary>
/// The door for actors outside the machine, and the supervisor of the actors inside: the registry of user threads by tid.
/// </summary>
internal sealed partial class DovetailRouter(MachineContext context, Action<Exception> machineFailed) : Actor
{
    private readonly Dictionary<int, ThreadInfo> _threads = [];
    private int _lastTid;

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        switch (message)
        {
            case Syscall syscall when _threads.TryGetValue(syscall.Tid, out ThreadInfo? thread):
                thread.Actor.Tell(syscall, Rank.InBand);
                break;
            case Syscall syscall when syscall.Tid > 0 && syscall.Tid <= _lastTid:
                syscall.Answer(Errno.ESRCH); // every number up to the last was a user thread: this one is dead
                break;
            case Syscall syscall:
                syscall.Refuse($"There is no thread {syscall.Tid}: EvlProcess.CreateThread makes one, UserThread.Tid names it.");
                break;
            case RegisterThread register:
                _threads[register.Thread.Tid] = register.Thread;
                _lastTid = Math.Max(_lastTid, register.Thread.Tid);
                break;
            case ForgetThread forget:
                _threads.Remove(forget.Thread.Tid);
                break;
            case ActorFailed failed:
                ActorHasFailed(context.Log, failed.Actor.Name, failed.Cause);
                machineFailed(failed.Cause);
                break;
            default:
                // Anybody outside can send it: a stray message is no reason for the machine to fail.
                HasNoUse(context.Log, message.GetType().Name);
                break;
        }
    }

    [LoggerMessage(LogIds.ActorHasFailed, LogLevel.Critical, "Actor {Actor} of the machine failed: the machine is stopped.")]
    private static partial void ActorHasFailed(ILogger logger, string actor, Exception exception);

    [LoggerMessage(LogIds.HasNoUse, LogLevel.Warning, "Dovetail takes Syscall messages; it has no use for a {Message}, which is dropped.")]
    private static partial void HasNoUse(ILogger logger, string message);
}

namespace EvlActors.Actors;

/// <summary>The event ids of what this library logs: each has one meaning, and keeps it. docs/hosting.md has them with their messages.</summary>
internal static class LogIds
{
    internal const int RealTimeRefused = 1;
    internal const int MemoryLockRefused = 2;
    internal const int PinRefused = 3;
    internal const int ThreadPriorityRefused = 4;
    internal const int ActorFailedUnsupervised = 5;
    internal const int StoppedThrew = 6;
    internal const int UndeliverableThrew = 7;
    internal const int InBandWorkHeldUp = 8;
    internal const int WorkerDied = 9;
    internal const int DeviceHasFailed = 10;
    internal const int OobFileInBandLane = 11;
    internal const int LongTurn = 12;
    internal const int ReleasedTooEarly = 20;
    internal const int ActorHasFailed = 30;
    internal const int HasNoUse = 31;
    internal const int Forced = 40;
    internal const int ForcedAt = 41;
    internal const int ListenerThrew = 50;
}

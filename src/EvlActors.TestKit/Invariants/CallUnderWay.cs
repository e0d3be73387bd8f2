namespace EvlActors.TestKit;

/// <summary>A call that has entered and is not answered yet.</summary>
internal record struct CallUnderWay(int Tid, long Number, SyscallNumber Nr, int Fd, string Thread, bool IsAsleep);

using EvlActors.Engine;

namespace EvlActors.Benchmarks;

/// <summary>A thread under SCHED_FIFO that answers whoever wakes it, through the same futexes that the engine parks on.</summary>
internal sealed class ThreadHops : IDisposable
{
    private readonly Parker _there = Parker.Create();
    private readonly Parker _back = Parker.Create();
    private readonly int _cpu;
    private readonly Thread _thread;
    private int _asked;
    private int _answered;
    private volatile bool _ends;

    /// <param name="cpu">The CPU that the thread is bound to.</param>
    public ThreadHops(int cpu)
    {
        _cpu = cpu;
        _thread = new Thread(Answer) { IsBackground = true };
        _thread.Start();
    }

    public void ThereAndBack()
    {
        int question = Volatile.Read(ref _asked) + 1;
        Volatile.Write(ref _asked, question);
        _there.Wake();
        while (Volatile.Read(ref _answered) != question)
            _back.Wait();
    }

    public void Dispose()
    {
        _ends = true;
        _there.Wake();
        _thread.Join();
    }

    private void Answer()
    {
        OsThread.TryPin(_cpu);
        OsThread.TryBecomeRealTime(PriorityEngine.WorkerPriority);
        while (!_ends)
        {
            _there.Wait();
            int question = Volatile.Read(ref _asked);
            if (question == _answered)
                continue;
            Volatile.Write(ref _answered, question);
            _back.Wake();
        }
    }
}

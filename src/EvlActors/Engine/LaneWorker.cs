namespace EvlActors.Engine;

/// <summary>
/// The thread that runs what no caller runs: posts from outside, leftovers, timers. It sleeps until the next date or a post.
/// Of an oob lane it is the interrupt context: above every FIFO thread of the process.
/// </summary>
internal sealed class LaneWorker
{
    private readonly Lane _lane;
    private readonly PriorityEngineOptions _options;
    private readonly Parker _parker = Parker.Create();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LaneWorker(Lane lane, PriorityEngine engine)
    {
        _lane = lane;
        _options = engine.Options;
        bool isRealTime = lane.IsOob && engine.RealTimeGranted;
        new Thread(() => Run(isRealTime)) { Name = lane.Name, IsBackground = true }.UnsafeStart();
    }

    /// <summary>Completes when the thread has left the lane for good.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Has it look at the lane. Any thread; does not block.</summary>
    internal void Wake() => _parker.Wake();

    private void Run(bool isRealTime)
    {
        if (isRealTime)
            OsThread.TryBecomeRealTime(PriorityEngine.WorkerPriority);
        if (_lane.IsOob && _options.OobWorkerCpu is { } cpu)
            OsThread.TryPin(cpu);
        while (!_lane.TryEnd())
        {
            _lane.Serve();
            _parker.Wait(_lane.BeginSleep());
            _lane.EndSleep();
        }
        _ended.SetResult();
    }
}

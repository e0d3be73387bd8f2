namespace EvlActors.Engine;

/// <summary>
/// The thread that runs what no caller runs: posts from outside, leftovers, timers. It sleeps until the next date or a post.
/// Of an oob lane it is the interrupt context: above every FIFO thread of the process. A thread that dies is followed by another.
/// </summary>
internal sealed class LaneWorker
{
    private readonly Lane _lane;
    private readonly PriorityEngine _engine;
    private readonly Parker _parker = Parker.Create();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal LaneWorker(Lane lane, PriorityEngine engine)
    {
        _lane = lane;
        _engine = engine;
        Start();
    }

    /// <summary>Completes when its last thread has left the lane for good.</summary>
    internal Task Ended => _ended.Task;

    /// <summary>Has it look at the lane. Any thread; does not block.</summary>
    internal void Wake() => _parker.Wake();

    private void Start() => new Thread(Run) { Name = _lane.Name, IsBackground = true }.UnsafeStart();

    private void Run()
    {
        Exception? cause = null;
        try
        {
            if (TryServeToTheEnd())
            {
                _ended.SetResult();
                return;
            }
        }
        catch (Exception e)
        {
            cause = e;
        }
        // The thread dies, the lane does not: the next one looks at it before it sleeps, so nothing that came meanwhile is missed.
        Start();
        _engine.Log.WorkerDied(cause, _lane.Name);
    }

    /// <returns>False: a fault point has killed this thread.</returns>
    private bool TryServeToTheEnd()
    {
        if (_lane.IsOob && _engine.RealTimeGranted)
            OsThread.TryBecomeRealTime(PriorityEngine.WorkerPriority);
        if (_lane.IsOob && _engine.Options.OobWorkerCpu is { } cpu)
            OsThread.TryPin(cpu);
        while (!_lane.TryEnd())
        {
            _lane.Serve();
            if (_engine.KillsWorker is { } kills && kills(_lane.Name))
                return false;
            _parker.Wait(_lane.BeginSleep());
            _lane.EndSleep();
        }
        return true;
    }
}

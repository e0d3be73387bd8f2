namespace EvlActors.Dovetail;

/// <summary>The counters of an EVL thread. The clock is read at switches and around sleeps, not in each call.</summary>
internal sealed class ThreadStatistics
{
    private long _inBandSwitches;
    private long _contextSwitches;
    private long _syscalls;
    private long _executionNs;
    private long _runningSinceNs;
    private bool _isRunning;

    internal void CountSyscall() => _syscalls++;

    /// <summary>It begins to run out-of-band, or goes on after a sleep.</summary>
    internal void Runs(long nowNs)
    {
        if (_isRunning)
            return;
        _isRunning = true;
        _runningSinceNs = nowNs;
        _contextSwitches++;
    }

    /// <summary>It falls asleep; if it was asleep, it had gone on meanwhile.</summary>
    internal void Sleeps(long nowNs)
    {
        if (!_isRunning)
            _contextSwitches++;
        Stop(nowNs);
    }

    internal void SwitchedInBand(long nowNs)
    {
        Stop(nowNs);
        _inBandSwitches++;
    }

    internal EvlThreadStatistics Read(long nowNs, EvlThreadState state) =>
        new(_inBandSwitches, _contextSwitches, _syscalls, RemoteWakeUps: 0,
            _executionNs + (_isRunning ? nowNs - _runningSinceNs : 0), state);

    private void Stop(long nowNs)
    {
        if (_isRunning)
            _executionNs += nowNs - _runningSinceNs;
        _isRunning = false;
    }
}

namespace EvlActors.Benchmarks.Isolation;

/// <summary>Ordinary threads of a machine that write and read in-band pipes while they are told to.</summary>
internal sealed class InBandLoad : IDisposable
{
    private const int Threads = 8;
    private const int Bytes = 64;
    private const int RoundsBetweenLooks = 100;
    private readonly ManualResetEventSlim _isOn = new();
    private readonly Task[] _bodies;
    private volatile int _garbageBytes;
    private volatile bool _isOver;

    public InBandLoad(EvlProcess process) =>
        _bodies = [.. Enumerable.Range(0, Threads).Select(_ => process.StartThread(process.CreateThread(), Body))];

    /// <summary>Starts the threads.</summary>
    /// <param name="garbageBytes">What each allocates and forgets for every round of calls; 0: nothing.</param>
    public void Start(int garbageBytes = 0)
    {
        _garbageBytes = garbageBytes;
        _isOn.Set();
    }

    public void Pause() => _isOn.Reset();

    public void Dispose()
    {
        _isOver = true;
        _isOn.Set();
        Task.WaitAll(_bodies);
        _isOn.Dispose();
    }

    private void Body(UserThread thread)
    {
        var pipe = new MachinePipe(thread, Bytes);
        while (!_isOver)
        {
            _isOn.Wait();
            for (int round = 0; round < RoundsBetweenLooks; round++)
            {
                pipe.WriteAndRead();
                if (_garbageBytes > 0)
                    GC.KeepAlive(new byte[_garbageBytes]);
            }
        }
    }
}

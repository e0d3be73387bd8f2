using BenchmarkDotNet.Attributes;
using EvlActors.Engine;

namespace EvlActors.Benchmarks.Detail;

/// <summary>Calls of an attached thread under SCHED_FIFO, where that is granted.</summary>
public class OobCalls : IAsyncDisposable
{
    private const int Priority = 80;
    private const int RingBytes = 65536;
    private const int Polled = 1000;

    private EvlMachine _machine = null!; // set up before any benchmark, as are the others
    private UserThread _thread = null!;
    private UserThread _reader = null!;
    private int _xbuf;
    private UserBuffer _buffer;
    private UserBuffer _read;
    private UserArray<PollFd> _fds;

    /// <summary>How many bytes a transfer has.</summary>
    [Params(64, 4096)]
    public int Bytes { get; set; }

    /// <summary>Makes a machine and calls from the measuring thread, as a real-time one.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        OsThread.TryBecomeRealTime(Priority);
        _machine = new EvlMachine();
        EvlProcess process = _machine.CreateProcess(new EvlProcessOptions { MaxFiles = 2 * Polled });
        _thread = process.CreateThread(SchedPolicy.Fifo, Priority, "caller");
        _reader = process.CreateThread(SchedPolicy.Fifo, Priority, "reader");
        _thread.Attach().OrThrow();
        _reader.Attach().OrThrow();
        _xbuf = _thread.CreateXbuf(null, RingBytes, RingBytes).OrThrow();
        _buffer = new byte[Bytes];
        _read = new byte[Bytes];
        _fds = PolledXbufs.Create(_thread, Polled, ready: 1).Select(fd => new PollFd(fd, PollEvents.In)).ToArray();
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A call that one actor answers.</summary>
    [Benchmark]
    public SysResult GetSelf() => _thread.GetSelf();

    /// <summary>An oob_read of no bytes: descriptor, file and driver.</summary>
    [Benchmark]
    public SysResult OobReadNothing() => _thread.OobRead(_xbuf, UserBuffer.Null);

    /// <summary>write, then oob_read, through a cross-buffer.</summary>
    [Benchmark]
    public SysResult Transfer()
    {
        _thread.Write(_xbuf, _buffer);
        return _thread.OobRead(_xbuf, _buffer);
    }

    /// <summary>An oob_read that sleeps, and the write that completes it.</summary>
    [Benchmark]
    public SysResult BlockedRead()
    {
        ValueTask<SysResult> asleep = _reader.OobReadAsync(_xbuf, _read);
        _thread.Write(_xbuf, _buffer);
        return asleep.IsCompleted ? asleep.Result : throw new InvalidOperationException("The write did not complete the read.");
    }

    /// <summary>poll over 1,000 cross-buffers of which one is ready.</summary>
    [Benchmark]
    public SysResult Poll() => _thread.Poll(_fds, 0);
}

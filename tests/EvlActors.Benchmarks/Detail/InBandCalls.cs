using BenchmarkDotNet.Attributes;

namespace EvlActors.Benchmarks.Detail;

/// <summary>Calls of an ordinary thread.</summary>
public class InBandCalls : IAsyncDisposable
{
    private const int Bytes = 64;

    private EvlMachine _machine = null!; // set up before any benchmark, as are the others
    private UserThread _thread = null!;
    private MachinePipe _pipe = null!;
    private int _zero;
    private int _other;
    private UserBuffer _buffer;

    /// <summary>Makes a machine and calls from the measuring thread.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _machine = new EvlMachine();
        _machine.AddDevice(ZeroDevice.Path, () => new ZeroDevice());
        _thread = _machine.CreateProcess().CreateThread(name: "caller");
        _pipe = new MachinePipe(_thread, Bytes);
        _zero = _thread.Open(ZeroDevice.Path).OrThrow();
        _other = _thread.Open(ZeroDevice.Path).OrThrow();
        _buffer = new byte[Bytes];
    }

    /// <summary>Ends it.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await _machine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>A read of a device that has its answer at once: a driver's handler and all on the way there and back.</summary>
    [Benchmark]
    public SysResult Read() => _thread.Read(_zero, _buffer);

    /// <summary>A write to a pipe, then a read from it.</summary>
    [Benchmark]
    public void Pipe() => _pipe.WriteAndRead();

    /// <summary>open, then close.</summary>
    [Benchmark]
    public SysResult OpenAndClose() => _thread.Close(_thread.Open(ZeroDevice.Path).OrThrow());

    /// <summary>dup2 over an open descriptor: the hooks, a take and a drop.</summary>
    [Benchmark]
    public SysResult Dup2() => _thread.Dup2(_zero, _other);
}

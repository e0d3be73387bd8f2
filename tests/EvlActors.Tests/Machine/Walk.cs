using EvlActors.Behaviour;
using EvlActors.Calls;
using Xunit;

namespace EvlActors.Tests;

/// <summary>One run of a random walk: a machine of its own, everybody in it, and what must hold while and after they walk.</summary>
internal sealed class Walk : IAsyncDisposable
{
    private const int MaxProcesses = 5;

    private static readonly byte[] s_buffer = new byte[16];

    private readonly WalkProgram _program;
    private readonly SimulationEngine _engine;
    private readonly EvlMachine _machine;
    private readonly Scenario _scenario;
    private readonly WalkDevice _flushing = new(flushes: true);
    private readonly WalkDevice _waiting = new(flushes: false);
    private readonly List<UserThread> _threads = [];
    private readonly List<Task> _bodies = [];
    private readonly HashSet<long> _released = [];
    private readonly HashSet<int> _killed = [];
    private readonly List<string> _faults = [];
    private readonly bool _hasFaults;
    private readonly bool _failsDevices;
    private int _processes = 2;

    /// <param name="program">What everybody does.</param>
    /// <param name="points">The fault points that fail now and then; none by default.</param>
    internal Walk(WalkProgram program, params FaultPoint[] points)
    {
        _program = program;
        _hasFaults = points.Length > 0;
        _failsDevices = points.Contains(FaultPoint.Handler);
        _engine = new SimulationEngine(new SimulationOptions { Seed = (ulong)program.Seed, TurnLimit = 100_000 });
        var sometimes = new FaultAttributes { Probability = 10, Times = -1 };
        _machine = new EvlMachine(new EvlMachineOptions { Engine = _engine, Faults = points.ToDictionary(point => point, _ => sometimes) });
        _machine.AddDevice("/dev/flushing", () => _failsDevices ? new WalkDevice(flushes: true) : _flushing);
        _machine.AddDevice("/dev/waiting", () => _failsDevices ? new WalkDevice(flushes: false) : _waiting);
        _scenario = new Scenario(_machine);
        _machine.Events.Subscribe(Happened);
    }

    /// <summary>Walks until everybody is through or asleep, then ends the machine.</summary>
    internal void Run()
    {
        EvlProcess[] processes = [_machine.CreateProcess(), _machine.CreateProcess(new EvlProcessOptions { MaxFiles = 8 })];
        for (int i = 0; i < _program.Threads.Length; i++)
        {
            EvlProcess process = processes[i % 2];
            Start(i < 2 ? process.CreateThread(SchedPolicy.Fifo, 10 + i) : process.CreateThread(), _program.Threads[i]);
        }
        _engine.RunUntilQuiescent();
        _engine.Run(() => DisposeAsync().AsTask());
        Assert.Empty(_faults);
        Assert.False(_machine.Completion.IsFaulted, _machine.Completion.Exception?.ToString());
        foreach (Task body in _bodies)
            Assert.True(body.IsCompletedSuccessfully, $"A body is {body.Status}: {body.Exception}");
        _scenario.AssertSound(everythingClosed: true);
        Assert.Equal((0, 0), (_flushing.Living, _waiting.Living));
    }

    public ValueTask DisposeAsync() => _machine.DisposeAsync();

    private void Start(UserThread thread, ReadOnlyMemory<WalkCall> calls)
    {
        _threads.Add(thread);
        _bodies.Add(thread.Process.Run(thread, t => Go(t, calls)));
    }

    private async Task Go(UserThread t, ReadOnlyMemory<WalkCall> calls)
    {
        EvlMapping? mapping = null;
        while (!calls.IsEmpty)
        {
            WalkCall call = calls.Span[0];
            calls = calls[1..];
            SysResult result;
            if (call.Op == WalkOp.Mmap)
            {
                MmapResult mapped = await t.MmapAsync(call.A, EvlMapping.PageBytes * (1 + (call.B & 1)));
                mapping = mapped.Mapping ?? mapping;
                result = mapped.Result;
            }
            else if (call.Op == WalkOp.Fork)
            {
                result = await Fork(t, call, calls);
            }
            else
            {
                result = await Make(t, call, mapping);
            }
            if (result == Errno.ESRCH && call.Op != WalkOp.Kill)
                return;
        }
    }

    private async ValueTask<SysResult> Fork(UserThread t, WalkCall call, ReadOnlyMemory<WalkCall> calls)
    {
        if (_processes == MaxProcesses)
            return 0;
        _processes++;
        SysResult result = await t.ForkAsync((call.A & 1) == 0 ? CloneFlags.None : CloneFlags.Files);
        // The child goes the same way as its parent, at its own pace.
        if (result.IsSuccess && _machine.GetProcess((int)result.Value)?.MainThread is { } child)
            Start(child, calls);
        return result;
    }

    private ValueTask<SysResult> Make(UserThread t, WalkCall call, EvlMapping? mapping)
    {
        (WalkOp op, int a, int b) = (call.Op, call.A, call.B);
        OpenFlags nonBlock = (b & 1) == 0 ? OpenFlags.NonBlock : default;
        OpenFlags closeOnExec = (b & 2) == 0 ? OpenFlags.CloseOnExec : default;
        var buffer = new UserBuffer(s_buffer.AsMemory(0, 1 + (b & 7)));
        return op switch
        {
            WalkOp.Open => t.OpenAsync(
                (a % 4) switch { 0 => "/dev/console", 1 => "/dev/waiting", _ => "/dev/flushing" },
                OpenFlags.ReadWrite | nonBlock | closeOnExec),
            WalkOp.CreateXbuf => t.CreateXbufAsync(a < 3 ? "/walk" : null, 8, b == 9 ? 0 : 8, nonBlock),
            WalkOp.Pipe => t.Pipe2Async(new UserBuffer(new byte[8]), nonBlock | closeOnExec),
            WalkOp.Close => t.CloseAsync(a),
            WalkOp.Dup => t.DupAsync(a),
            WalkOp.Dup2 => t.Dup2Async(a, b),
            WalkOp.Dup3 => t.Dup3Async(a, b, (a & 1) == 0 ? OpenFlags.CloseOnExec : default),
            WalkOp.DupFd => t.FcntlAsync(a, (b & 1) == 0 ? FcntlCommand.DupFd : FcntlCommand.DupFdCloseOnExec, b),
            WalkOp.SetFd => t.FcntlAsync(a, FcntlCommand.SetFd, b & 1),
            WalkOp.SetFl => t.FcntlAsync(a, FcntlCommand.SetFl, (long)nonBlock),
            WalkOp.CloseRange => t.CloseRangeAsync((uint)a, (b & 1) == 0 ? uint.MaxValue : (uint)b, (CloseRangeFlags)(b & 6)),
            WalkOp.Read => t.ReadAsync(a, buffer),
            WalkOp.Write => t.WriteAsync(a, buffer),
            WalkOp.OobRead => t.OobReadAsync(a, buffer),
            WalkOp.OobWrite => t.OobWriteAsync(a, buffer),
            WalkOp.Ioctl => t.IoctlAsync(a, 1, b),
            WalkOp.OobIoctl => t.OobIoctlAsync(a, 1, b),
            WalkOp.Munmap => t.MunmapAsync(mapping?.Address ?? 0, EvlMapping.PageBytes * (1 + (b & 1))),
            WalkOp.Attach => t.AttachAsync(),
            WalkOp.Detach => t.DetachAsync(),
            WalkOp.Exec => t.ExecAsync(),
            WalkOp.Exit => t.ExitAsync(),
            WalkOp.Wait => t.WaitAsync(options: (a & 1) == 0 ? WaitOptions.NoHang : WaitOptions.None),
            WalkOp.Kill => t.KillAsync(1 + (a % 4), b switch { 0 => Signal.SIGKILL, 1 => Signal.SIGTERM, _ => Signal.SIGUSR1 }),
            WalkOp.Sigaction => t.SigactionAsync(Signal.SIGUSR1, Action(b)),
            WalkOp.Unblock => Unblock(a),
            _ => t.LseekAsync(a, b),
        };
    }

    private static SigAction Action(int b) => (b % 4) switch
    {
        0 => SigAction.Ignore,
        1 => SigAction.Handle(_ => { }, restart: true),
        2 => SigAction.Handle(_ => { }),
        _ => SigAction.Handle(async (t, _) => await t.CloseAsync(b)),
    };

    private ValueTask<SysResult> Unblock(int a)
    {
        _threads[a % _threads.Count].Unblock();
        return new ValueTask<SysResult>(0);
    }

    // A thread that is killed has any call that it has not begun answered EINTR, and none after it.
    private void Answered(MachineEvent e)
    {
        if (_killed.Contains(e.Tid) && e.Result != Errno.ESRCH)
            _faults.Add($"{e.Nr} of a killed thread answers {e.Result}");
        else if (e.Result == Errno.EINTR && !WalkErrnos.Allows(e.Nr, Errno.EINTR))
            _killed.Add(e.Tid);
        else if (e.Result.IsError && !WalkErrnos.Allows(e.Nr, e.Result.Errno) && !(_hasFaults && WalkErrnos.IsOfFault(e.Nr, e.Result.Errno)))
            _faults.Add($"{e.Nr} may not answer {e.Result.Errno}");
    }

    private void Happened(MachineEvent e)
    {
        if (e.Kind is MachineEventKind.ReleaseBegun or MachineEventKind.ReleaseDone)
            _released.Add(e.File);
        if (e.Kind is not (MachineEventKind.ReleaseBegun or MachineEventKind.CallAnswered))
            return;
        if (e.Kind == MachineEventKind.CallAnswered)
            Answered(e);
        for (int pid = 1; pid <= MaxProcesses; pid++)
        {
            if (_machine.GetProcess(pid)?.Info.Files is not { } files)
                continue;
            foreach (OpenFileRef? file in files.OobIndex)
            {
                if (file is not null && _released.Contains(file.Id))
                    _faults.Add($"table {files.Id} still indexes file {file.Id}, at event {e.Sequence}");
            }
        }
    }
}

using System.Collections.Concurrent;
using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Dovetail;
using EvlActors.Drivers;
using EvlActors.Engine;
using EvlActors.Files;
using EvlActors.InBand;
using EvlActors.OutOfBand;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EvlActors;

/// <summary>
/// A simulated kernel: the two stages of Dovetail, EVL's core, a VFS with devices, and processes. Any thread may use it;
/// disposing of it ends every process, sleeper and thread.
/// </summary>
public sealed class EvlMachine : IAsyncDisposable
{
    private readonly MachineContext _context;
    private readonly OpenFileRef _console;
    private readonly ConcurrentDictionary<string, DeviceNode> _paths = new(StringComparer.Ordinal);
    private readonly List<EvlProcess> _processes = [];
    private readonly ActorRef _shutdown;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lastPid;
    private int _lastTid;
    private int _isDisposing;
    private int _refusal;

    /// <summary>Starts a machine.</summary>
    /// <param name="options">How; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public EvlMachine(EvlMachineOptions? options = null)
    {
        options ??= new EvlMachineOptions();
        if (options.ShutdownGrace < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), options.ShutdownGrace, $"{nameof(EvlMachineOptions.ShutdownGrace)} is not negative.");
        ILoggerFactory loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        IActorEngine engine = options.Engine ?? new PriorityEngine(options.PriorityEngine, loggers.CreateLogger<PriorityEngine>());
        _context = new MachineContext(engine, loggers.CreateLogger<EvlMachine>());
        Dovetail = engine.Spawn(new DovetailRouter(_context, Fail), new SpawnOptions("dovetail"));
        _context.Supervisor = Dovetail;
        _context.InBandStage = engine.Spawn(new InbandStage(_context), new SpawnOptions("in-band", Supervisor: Dovetail));
        _context.OobStage = engine.Spawn(new OobStage(), new SpawnOptions("oob", Placement.Oob, Dovetail));
        _shutdown = engine.Spawn(
            new Shutdown(_context, (long)options.ShutdownGrace.TotalNanoseconds), new SpawnOptions("shutdown", Supervisor: Dovetail));
        _console = OpenConsole(options.Console);
        AddDevice(PollSetDevice.Path, () => new PollSetDevice());
    }

    /// <summary>What happens in the machine, typed and in order.</summary>
    public MachineEvents Events => _context.Events;

    /// <summary>The router: takes <see cref="Syscall"/> messages from any actor and answers each with a <see cref="SyscallResult"/>.</summary>
    public ActorRef Dovetail { get; }

    /// <summary>Completes when the machine was disposed of; faults with the cause when an actor of the machine failed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>The engine that runs the machine.</summary>
    public IActorEngine Engine => _context.Engine;

    internal MachineContext Context => _context;

    /// <summary>Why new calls are refused, or <see cref="Errno.None"/>.</summary>
    internal Errno Refusal => (Errno)Volatile.Read(ref _refusal);

    /// <summary>Adds a device node. The driver is made once now, and anew for the first open after it failed.</summary>
    /// <typeparam name="TDriver">The driver's type.</typeparam>
    /// <param name="path">The node, such as "/dev/latmus".</param>
    /// <param name="factory">Makes the driver; if it throws, opens answer EIO.</param>
    /// <param name="lane">The lane of the device and its files; by default by the operations it overrides.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or has an empty component.</exception>
    /// <exception cref="InvalidOperationException">There is a node at this path already.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed of.</exception>
    public void AddDevice<TDriver>(string path, Func<TDriver> factory, DeviceLane lane = DeviceLane.Auto)
        where TDriver : CharDevice
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(factory);
        ObjectDisposedException.ThrowIf(_isDisposing != 0, this);
        if (path is not ['/', _, ..] || path.EndsWith('/') || path.Contains("//", StringComparison.Ordinal))
            throw new ArgumentException($"'{path}' is no device path: write it absolute, such as /dev/latmus.", nameof(path));
        CharDevice? first = TryMake(factory);
        FileOperations operations = CharDevice.OperationsOf(first?.GetType() ?? typeof(TDriver));
        var node = new DeviceNode(path, factory, PlacementOf(lane, operations), operations) { FirstDriver = first };
        if (!_paths.TryAdd(path, node))
            throw new InvalidOperationException($"There is a device at {path} already.");
        _context.InBandStage.Tell(new AddNode(node), Rank.Head);
    }

    /// <summary>Makes a process. It lives until <see cref="EvlProcess.ExitAsync"/> or the machine's end.</summary>
    /// <param name="options">How; null: root, 64 bits, descriptors 0 to 2 on /dev/console.</param>
    /// <returns>The process, without threads.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed of.</exception>
    public EvlProcess CreateProcess(EvlProcessOptions? options = null)
    {
        options ??= new EvlProcessOptions();
        ObjectDisposedException.ThrowIf(_isDisposing != 0, this);
        if (options.MaxFiles is < 1 or > 1_048_576)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxFiles, $"{nameof(EvlProcessOptions.MaxFiles)} is 1 to 1,048,576.");
        if (options.MaxPendingSignals < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxPendingSignals, $"{nameof(EvlProcessOptions.MaxPendingSignals)} is not negative.");
        var files = new FilesTable(_context.NextTableId());
        var table = new FdTable(_context, files, options.MaxFiles);
        if (!options.EmptyTable)
            PresetConsole(table);
        int pid = Interlocked.Increment(ref _lastPid);
        files.Actor = Engine.Spawn(table, new SpawnOptions($"tables/{files.Id}", Supervisor: Dovetail));
        var info = new ProcessInfo(pid, files, options.Is32Bit, options.Credentials) { MaxPendingSignals = options.MaxPendingSignals };
        _context.InBandStage.Tell(new ProcessMessage(info), Rank.Head);
        var process = new EvlProcess(this, info);
        lock (_processes)
            _processes.Add(process);
        return process;
    }

    /// <summary>
    /// Ends the machine: refuses new calls (ESRCH), kills and exits every process with all its closes and releases, fails the
    /// devices that still hold calls after <see cref="EvlMachineOptions.ShutdownGrace"/>, then stops the actors and the engine.
    /// Bodies in user code are not waited for. A second dispose awaits the first.
    /// </summary>
    /// <returns>Completes when the machine has ended.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposing, 1) != 0)
        {
            await _disposed.Task.ConfigureAwait(true);
            return;
        }
        Interlocked.CompareExchange(ref _refusal, (int)Errno.ESRCH, (int)Errno.None);
        if (!Completion.IsFaulted)
        {
            _shutdown.Tell(new StartShutdown(), Rank.Head);
            EvlProcess[] processes;
            lock (_processes)
                processes = [.. _processes];
            // All are killed before one is waited for: a file of the first may be held by a call of the last.
            Task[] ends = [.. processes.Select(process => process.EndAsync().AsTask())];
            foreach (Task end in ends)
                await end.ConfigureAwait(true);
        }
        await Engine.DisposeAsync().ConfigureAwait(true);
        _completion.TrySetResult();
        _disposed.TrySetResult();
    }

    internal int NextTid() => Interlocked.Increment(ref _lastTid);

    internal void Forget(EvlProcess process)
    {
        lock (_processes)
            _processes.Remove(process);
    }

    private static CharDevice? TryMake<TDriver>(Func<TDriver> factory)
        where TDriver : CharDevice
    {
        try
        {
            return factory();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A driver whose constructor throws gives EIO at each open, where it is made again and its exception logged.
            return null;
        }
    }

    private static Placement PlacementOf(DeviceLane lane, FileOperations operations) => lane switch
    {
        DeviceLane.InBand => Placement.InBand,
        DeviceLane.Oob => Placement.Oob,
        DeviceLane.Own => operations.HasOob ? Placement.OwnOob : Placement.OwnInBand,
        _ => operations.HasOob ? Placement.Oob : Placement.InBand,
    };

    private OpenFileRef OpenConsole(TextWriter? writer)
    {
        const string path = "/dev/console";
        var driver = new ConsoleDevice(writer);
        FileOperations operations = CharDevice.OperationsOf(typeof(ConsoleDevice));
        var device = new DeviceRef(path, operations, DeviceTraits.None);
        var actor = new DeviceActor(_context, device, () => driver, driver);
        var file = new OpenFileRef(_context.NextFileId(), device);
        EvlFile handle = actor.Preopen(file, OpenFlags.ReadWrite);
        device.Actor = Engine.Spawn(actor, new SpawnOptions("devices" + path, Supervisor: Dovetail));
        file.Actor = Engine.Spawn(
            new OpenFile(_context, file, OpenFlags.ReadWrite, handle), new SpawnOptions($"files/{file.Id}", Supervisor: Dovetail));
        // The machine's own reference: the console stays open as long as the machine lives.
        file.Actor.Tell(file.RentTake(), Rank.Head);
        var node = new DeviceNode(path, () => new ConsoleDevice(writer), Placement.InBand, operations) { Device = device };
        _paths[path] = node;
        _context.InBandStage.Tell(new AddNode(node), Rank.Head);
        return file;
    }

    private void PresetConsole(FdTable table)
    {
        for (int fd = 0; fd < 3; fd++)
        {
            table.Preset(fd, _console);
            TakeReference take = _console.RentTake();
            take.Fd = fd;
            _console.Actor.Tell(take, Rank.Head);
        }
    }

    private void Fail(Exception cause)
    {
        if (!_completion.TrySetException(cause))
            return;
        Volatile.Write(ref _refusal, (int)Errno.EIO);
        EvlProcess[] processes;
        lock (_processes)
            processes = [.. _processes];
        foreach (EvlProcess process in processes)
            process.Abort(Errno.EIO);
    }
}

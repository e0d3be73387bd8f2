using System.Diagnostics.CodeAnalysis;
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
public sealed class EvlMachine : IAsyncDisposable, IProcessHost
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/> that makes a span for each call while somebody
    /// listens to it: "EvlActors".</summary>
    public const string ActivitySourceName = "EvlActors";

    private readonly MachineContext _context;
    private readonly OpenFileRef _console;

    // The nodes; under its own lock.
    private readonly Dictionary<string, DeviceNode> _paths = new(StringComparer.Ordinal);
    private readonly DeviceNumbers _numbers = new();
    private readonly Dictionary<int, EvlProcess> _processes = [];

    // Set when the dispose has found no process left: from then on there is none. Under the lock of the processes.
    private bool _isClosed;

    // Those that the dispose waits for: a failure meanwhile answers their calls too. Under the lock of the processes.
    private readonly List<EvlProcess> _ending = [];

    // Ended, but a thread of theirs has not heard of it yet: its exit is not answered. Under the lock of the processes.
    private readonly List<EvlProcess> _leaving = [];
    private readonly ActorRef _shutdown;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isDisposing;
    private int _refusal;

    /// <summary>Starts a machine.</summary>
    /// <param name="options">How; null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public EvlMachine(EvlMachineOptions? options = null)
        : this(options ?? new EvlMachineOptions(), options?.Engine)
    {
    }

    /// <summary>Starts a machine on an engine that is not the options': many machines share those.</summary>
    internal EvlMachine(EvlMachineOptions options, IActorEngine? engine)
    {
        if (options.ShutdownGrace < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(options), options.ShutdownGrace, $"{nameof(EvlMachineOptions.ShutdownGrace)} is not negative.");
        if (options.MaxOpenFiles < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxOpenFiles, $"{nameof(EvlMachineOptions.MaxOpenFiles)} is not negative.");
        if (options.MaxElements < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxElements, $"{nameof(EvlMachineOptions.MaxElements)} is not negative.");
        if (options.MaxEpollWatches < 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxEpollWatches, $"{nameof(EvlMachineOptions.MaxEpollWatches)} is not negative.");
        ArgumentOutOfRangeException.ThrowIfLessThan(options.OnlineCpus, 1);
        ILoggerFactory loggers = options.LoggerFactory ?? NullLoggerFactory.Instance;
        var engineLog = new TurnLog(loggers.CreateLogger<PriorityEngine>());
        var log = new TurnLog(loggers.CreateLogger<EvlMachine>());
        engine ??= new PriorityEngine(options.PriorityEngine, engineLog);
        engineLog.Writer = log.Writer = engine.Spawn(new LogWriter(), new SpawnOptions("log"));
        _context = new MachineContext(engine, log) {
            MaxOpenFiles = options.MaxOpenFiles,
            RunStatistics = options.RunStatistics,
            OnlineCpus = options.OnlineCpus,
            MaxEpollWatches = options.MaxEpollWatches,
        };
        Dovetail = engine.Spawn(new DovetailRouter(_context, Fail), new SpawnOptions("dovetail"));
        _context.Supervisor = Dovetail;
        _context.InBandStage = engine.Spawn(new InbandStage(_context, this, options.MaxElements), new SpawnOptions("in-band", Supervisor: Dovetail));
        _context.OobStage = engine.Spawn(options.MakeOobStage(), new SpawnOptions("oob", Placement.Oob, Dovetail));
        _shutdown = engine.Spawn(
            new Shutdown(_context, (long)options.ShutdownGrace.TotalNanoseconds), new SpawnOptions("shutdown", Supervisor: Dovetail));
        _console = OpenConsole(options.Console);
        Add(new DeviceNode(
            PollSetDevice.Path,
            new Cdev(PollSetDevice.Path, static () => new PollSetDevice(), Placement.Oob, CharDevice.OperationsOf(typeof(PollSetDevice)))));
        Faults = new MachineFaults(_context);
        if (engine is PriorityEngine priority)
            priority.KillsWorker = lane => _context.ShouldFail(FaultPoint.LaneWorker, null, lane);
        if (options.Faults is null)
            return;
        foreach ((FaultPoint point, FaultAttributes attributes) in options.Faults)
            Faults.Set(point, attributes);
    }

    /// <summary>What happens in the machine, typed and in order.</summary>
    public MachineEvents Events => _context.Events;

    /// <summary>The faults that are injected into it, to look at and to change.</summary>
    public MachineFaults Faults { get; }

    /// <summary>The router: takes <see cref="Syscall"/> messages from any actor and answers each with a <see cref="SyscallResult"/>.</summary>
    public ActorRef Dovetail { get; }

    /// <summary>Completes when the machine was disposed of; faults with the cause when an actor of the machine failed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>The engine that runs the machine.</summary>
    public IActorEngine Engine => _context.Engine;

    /// <summary>How many open file descriptions there are, the console's among them. Any thread.</summary>
    public long OpenFiles => _context.OpenFiles;

    internal MachineContext Context => _context;

    /// <summary>Why new calls are refused, or <see cref="Errno.None"/>.</summary>
    internal Errno Refusal => (Errno)Volatile.Read(ref _refusal);

    /// <summary>Adds a device node. The driver is made once now, and anew for the first open after it failed.</summary>
    /// <typeparam name="TDriver">The driver's type.</typeparam>
    /// <param name="path">The node, such as "/dev/latmus".</param>
    /// <param name="factory">Makes the driver; if it throws, opens answer EIO.</param>
    /// <param name="lane">The lane of the device and its files; by default by the operations it overrides.</param>
    /// <param name="access">Who owns the node and may open it; null: root's, for everybody.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or has an empty component.</exception>
    /// <exception cref="InvalidOperationException">There is a node at this path already.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed of.</exception>
    public void AddDevice<TDriver>(
        string path, Func<TDriver> factory, DeviceLane lane = DeviceLane.Auto, NodeAccess? access = null)
        where TDriver : CharDevice
    {
        Add(new DeviceNode(path, CdevOf(path, factory, lane)) { Access = access ?? NodeAccess.Everybody });
    }

    /// <summary>
    /// Adds one device with several nodes, which have consecutive numbers: the driver tells them apart by the minor of
    /// <see cref="EvlFile.Number"/>. Counterpart of <c>cdev_add</c> with a count. Each node is removed for itself; the device ends
    /// when all are and its last file is closed.
    /// </summary>
    /// <typeparam name="TDriver">The driver's type.</typeparam>
    /// <param name="paths">The nodes, such as "/dev/scull0" to "/dev/scull3".</param>
    /// <param name="first">The number of the first, in a region from <see cref="AllocChrdevRegion"/> or <see cref="RegisterChrdevRegion"/>.</param>
    /// <param name="factory">Makes the driver; if it throws, opens answer EIO.</param>
    /// <param name="lane">The lane of the device and its files; by default by the operations it overrides.</param>
    /// <param name="access">Who owns the nodes and may open them; null: root's, for everybody.</param>
    /// <exception cref="ArgumentException">There is no path, or one is not absolute, or has an empty component.</exception>
    /// <exception cref="InvalidOperationException">There is a node at one of these paths or of one of these numbers already, or
    /// the numbers are not registered.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed of.</exception>
    public void AddDevices<TDriver>(
        IReadOnlyList<string> paths, DeviceNumber first, Func<TDriver> factory, DeviceLane lane = DeviceLane.Auto, NodeAccess? access = null)
        where TDriver : CharDevice
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
            throw new ArgumentException("A device has at least one node.", nameof(paths));
        Cdev cdev = CdevOf(paths[0], factory, lane);
        _numbers.Use(first, paths.Count);
        DeviceNode[] nodes = [.. paths.Select((path, i) => new DeviceNode(path, cdev) { Number = first.Plus(i), Access = access ?? NodeAccess.Everybody })];
        int claimed = 0;
        try
        {
            for (; claimed < nodes.Length; claimed++)
                Claim(nodes[claimed]);
        }
        catch
        {
            foreach (DeviceNode node in nodes)
                _numbers.Free(node.Number);
            foreach (DeviceNode node in nodes[..claimed])
                TryTakePath(node.Path, out _);
            throw;
        }
        foreach (DeviceNode node in nodes)
            _context.InBandStage.Tell(new AddNode(node), Rank.Head);
    }

    /// <summary>Registers device numbers under a major that nobody has, for <see cref="AddDevices"/>. alloc_chrdev_region.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="name">Whose they are, for messages.</param>
    /// <param name="firstMinor">The minor of the first; 0 by default.</param>
    /// <returns>The first number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such minors.</exception>
    /// <exception cref="InvalidOperationException">No major is left.</exception>
    public DeviceNumber AllocChrdevRegion(int count, string name, int firstMinor = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _numbers.Allocate(firstMinor, count, name);
    }

    /// <summary>Registers chosen device numbers, for <see cref="AddDevices"/>. register_chrdev_region.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="name">Whose they are, for messages.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no such minors.</exception>
    /// <exception cref="InvalidOperationException">Some of them are registered already.</exception>
    public void RegisterChrdevRegion(DeviceNumber first, int count, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _numbers.Register(first, count, name);
    }

    /// <summary>Gives registered numbers back. unregister_chrdev_region.</summary>
    /// <param name="first">The first number, as it was registered.</param>
    /// <param name="count">How many were.</param>
    /// <exception cref="InvalidOperationException">They were not registered so, or one of them has a node.</exception>
    public void UnregisterChrdevRegion(DeviceNumber first, int count) => _numbers.Unregister(first, count);

    /// <summary>
    /// Takes the device away from a node: opens answer ENXIO until a device is added there again. Files that are open go on; the
    /// device ends, with its timers and kernel threads, when it has neither nodes nor files. Counterpart of <c>cdev_del</c>.
    /// </summary>
    /// <param name="path">The node.</param>
    /// <exception cref="InvalidOperationException">There is no device at this path.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed of.</exception>
    public void RemoveDevice(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        ObjectDisposedException.ThrowIf(_isDisposing != 0, this);
        if (!TryTakePath(path, out DeviceNode? node))
            throw new InvalidOperationException($"There is no device at {path}.");
        _numbers.Free(node.Number);
        _context.InBandStage.Tell(new RemoveNode(node), Rank.Head);
    }

    /// <summary>
    /// Adds a regular file in memory: seekable, with one content for all who open it, and without oob context.
    /// </summary>
    /// <param name="path">The file, such as "/etc/hostname".</param>
    /// <param name="contents">What is in it at first; copied.</param>
    /// <param name="access">Who owns the file and may open it; null: root's, for everybody.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or has an empty component.</exception>
    /// <exception cref="InvalidOperationException">There is a node at this path already.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed of.</exception>
    public void AddFile(string path, ReadOnlyMemory<byte> contents, NodeAccess? access = null)
    {
        var file = new RegularFile(contents);
        var cdev = new Cdev(path, () => file, Placement.InBand, CharDevice.OperationsOf(typeof(RegularFile)))
        {
            FirstDriver = file,
            Traits = DeviceTraits.Regular,
        };
        Add(new DeviceNode(path, cdev) { Access = access ?? NodeAccess.Everybody });
    }

    /// <summary>Adds a regular file of text in UTF-8; see <see cref="AddFile(string, ReadOnlyMemory{byte}, NodeAccess?)"/>.</summary>
    /// <param name="path">The file, such as "/etc/hostname".</param>
    /// <param name="contents">What is in it at first.</param>
    /// <param name="access">Who owns the file and may open it; null: root's, for everybody.</param>
    /// <exception cref="ArgumentException">The path is not absolute, or has an empty component.</exception>
    /// <exception cref="InvalidOperationException">There is a node at this path already.</exception>
    /// <exception cref="ObjectDisposedException">The machine was disposed of.</exception>
    public void AddFile(string path, string contents, NodeAccess? access = null) =>
        AddFile(path, System.Text.Encoding.UTF8.GetBytes(contents), access);

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
        var table = new FdTable(_context, files);
        if (!options.EmptyTable)
            PresetConsole(table);
        files.Actor = Engine.Spawn(table, new SpawnOptions($"tables/{files.Id}", Supervisor: Dovetail));
        var info = new ProcessInfo(_context.NextPid(), files, options.Is32Bit, options.Credentials)
        {
            Terminal = options.ControllingTerminal,
        };
        if (options.Group != 0)
            info.Group = options.Group;
        if (options.Session != 0)
            info.Session = options.Session;
        info.Limits[(int)Resource.MaxFiles] =
            new ResourceLimit((ulong)options.MaxFiles, (ulong)Math.Max(options.MaxFiles, options.MaxFilesHard));
        info.Limits[(int)Resource.PendingSignals] =
            new ResourceLimit((ulong)options.MaxPendingSignals, (ulong)options.MaxPendingSignals);
        _context.InBandStage.Tell(new ProcessMessage(info), Rank.Head);
        var process = new EvlProcess(this, info);
        // Refused here it never made a call: its actors go with the engine, whose end is next.
        ObjectDisposedException.ThrowIf(!TryAdd(process), this);
        return process;
    }

    /// <summary>The process of a number, such as one that fork has made.</summary>
    /// <param name="pid">The number.</param>
    /// <returns>The process; null: there is none, or it has ended.</returns>
    public EvlProcess? GetProcess(int pid)
    {
        lock (_processes)
            return _processes.GetValueOrDefault(pid);
    }

    /// <summary>
    /// Takes a snapshot of the machine: what it promises stands at <see cref="MachineSnapshot"/>. Any thread; it asks every actor
    /// once, ahead of calls, and costs nothing but that. A machine that has ended says that nothing is there.
    /// </summary>
    /// <param name="cancellation">Ends the waiting: an actor whose driver holds it up does not answer.</param>
    /// <returns>The snapshot.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled first.</exception>
    public async ValueTask<MachineSnapshot> SnapshotAsync(CancellationToken cancellation = default)
    {
        long timeNs = Engine.MonotonicNs;
        var survey = new Survey();
        survey.Ask(_context.InBandStage);
        await survey.Taken.WaitAsync(cancellation).ConfigureAwait(true);
        return new MachineSnapshot(timeNs, survey.Lines);
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
        await EndProcessesAsync().ConfigureAwait(true);
        await Engine.DisposeAsync().ConfigureAwait(true);
        _completion.TrySetResult();
        _disposed.TrySetResult();
    }

    /// <summary>What the end of the machine begins with: no new calls, and every process exits. The actors are still there.</summary>
    internal async Task EndProcessesAsync()
    {
        Interlocked.CompareExchange(ref _refusal, (int)Errno.ESRCH, (int)Errno.None);
        if (Completion.IsFaulted)
            return;
        _shutdown.Tell(new StartShutdown(), Rank.Head);
        // Until none is left: a fork that was under way has made another.
        while (TakeProcesses() is { Length: > 0 } processes)
        {
            // All are killed before one is waited for: a file of the first may be held by a call of the last.
            var ends = new Task[processes.Length];
            for (int i = 0; i < ends.Length; i++)
                ends[i] = processes[i].EndAsync();
            foreach (Task end in ends)
                await end.ConfigureAwait(true);
        }
        EvlProcess[] leaving;
        lock (_processes)
            leaving = [.. _leaving];
        foreach (EvlProcess process in leaving)
            await process.Left.ConfigureAwait(true);
    }

    /// <summary>A process has ended, and its threads with it.</summary>
    internal void Forget(EvlProcess process)
    {
        lock (_processes)
            _leaving.Remove(process);
    }

    void IProcessHost.Forked(ProcessInfo child, ThreadInfo by, ulong mask) => TryAdd(new EvlProcess(this, child, by, mask));

    void IProcessHost.Ended(ProcessInfo process)
    {
        EvlProcess? ended;
        lock (_processes)
        {
            if (_processes.Remove(process.Pid, out ended))
                _leaving.Add(ended);
        }
        ended?.OnEnded();
    }

    private bool TryAdd(EvlProcess process)
    {
        lock (_processes)
        {
            if (_isClosed)
                return false;
            _processes.Add(process.Pid, process);
            return true;
        }
    }

    private EvlProcess[] TakeProcesses()
    {
        lock (_processes)
        {
            EvlProcess[] processes = [.. _processes.Values];
            _processes.Clear();
            _isClosed = processes.Length == 0;
            _ending.AddRange(processes);
            return processes;
        }
    }

    private void Add(DeviceNode node)
    {
        Claim(node);
        _context.InBandStage.Tell(new AddNode(node), Rank.Head);
    }

    private void Claim(DeviceNode node)
    {
        string path = node.Path;
        ArgumentNullException.ThrowIfNull(path);
        ObjectDisposedException.ThrowIf(_isDisposing != 0, this);
        if (path is not ['/', _, ..] || path.EndsWith('/') || path.Contains("//", StringComparison.Ordinal))
            throw new ArgumentException($"'{path}' is no path of a node: write it absolute, such as /dev/latmus.", nameof(node));
        lock (_paths)
        {
            if (!_paths.TryAdd(path, node))
                throw new InvalidOperationException($"There is a device at {path} already.");
        }
    }

    private bool TryTakePath(string path, [NotNullWhen(true)] out DeviceNode? node)
    {
        lock (_paths)
            return _paths.Remove(path, out node);
    }

    private static Cdev CdevOf<TDriver>(string name, Func<TDriver> factory, DeviceLane lane)
        where TDriver : CharDevice
    {
        ArgumentNullException.ThrowIfNull(factory);
        CharDevice? first = TryMake(factory);
        FileOperations operations = CharDevice.OperationsOf(first?.GetType() ?? typeof(TDriver));
        return new Cdev(name, factory, PlacementOf(lane, operations), operations) { FirstDriver = first };
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
            new OpenFile(_context, file, OpenFlags.ReadWrite, handle), new SpawnOptions("files", Supervisor: Dovetail) { Number = file.Id });
        _context.TryCountFiles(1);
        // The machine's own reference: the console stays open as long as the machine lives.
        file.Actor.Tell(file.RentTake(), Rank.Head);
        var node = new DeviceNode(path, new Cdev(path, () => new ConsoleDevice(writer), Placement.InBand, operations) { Device = device });
        _paths.Add(path, node); // nobody else knows the machine yet
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
            processes = [.. _processes.Values, .. _ending, .. _leaving];
        foreach (EvlProcess process in processes)
            process.Abort(Errno.EIO);
    }
}

using System.Runtime.CompilerServices;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// A system call as a driver's handler sees it; valid until the handler has ended. Flags and position were stamped on it when
/// it was passed on and don't change during the call.
/// </summary>
public sealed class IoCall : IoContext
{
    private Call? _call;
    private EvlFile? _file;

    internal IoCall()
    {
    }

    /// <summary>The operation that is asked for.</summary>
    public FileOperation Operation => Under.Operation;

    /// <summary>The open file.</summary>
    public EvlFile File => _file ?? throw Ended();

    /// <summary>The flags of the open file when the call was passed on.</summary>
    public OpenFlags Flags => Under.Flags;

    /// <summary>Whether to answer EAGAIN instead of sleeping: O_NONBLOCK was set when the call was passed on, or
    /// its caller asked for this call alone.</summary>
    public bool NonBlocking => (Flags & OpenFlags.NonBlock) != 0;

    /// <summary>The bytes that a read is satisfied with when there are not more: all, or any if it must not sleep, unless its caller
    /// said how many.</summary>
    internal long Least => Under.Mode != TransferMode.AsFlagged ? Under.Least : NonBlocking ? 1 : Count;

    /// <summary>The bytes asked for by read and write, or the size of an ioctl's argument memory.</summary>
    public long Count => Under.Buffer.Count;

    /// <summary>The user memory of the call: what read fills, what write takes from, what an ioctl's argument points to.</summary>
    public UserBuffer Buffer => Under.Buffer;

    /// <summary>
    /// The position of a read or write, in bytes; what the handler leaves here becomes the file's position if it returns a value.
    /// Not for oob calls and stream files.
    /// </summary>
    public long Position
    {
        get => Under.Position;
        set => Under.Position = value;
    }

    /// <summary>Where an lseek goes, or where an mmap begins in what is mapped, in bytes.</summary>
    public long Offset => Under.Object is EvlMapping mapping ? mapping.Offset : Under.Argument;

    /// <summary>What the offset of an lseek is relative to.</summary>
    public Whence Whence => (Whence)Under.Argument2;

    /// <summary>The bytes that an mmap asks for.</summary>
    public long Length => Mapping.Length;

    /// <summary>What the memory of an mmap will be used for.</summary>
    public MapProtection Protection => Mapping.Protection;

    /// <summary>Whether fasync switches notification on.</summary>
    public bool AsyncOn => Under.AsyncOn;

    /// <summary>The descriptor that the call names; -1 for the fasync before a release.</summary>
    public int Fd => Under.Operation == FileOperation.Fasync ? Under.AsyncFd : Under.Fd;

    /// <summary>The command of an ioctl.</summary>
    public uint Command => (uint)Under.Argument;

    /// <summary>The argument of an ioctl as a value; a 32-bit process's is its 32 bits, zero-extended.</summary>
    public long Argument => Under.Operation is FileOperation.CompatIoctl or FileOperation.CompatOobIoctl ? (uint)Under.Argument2 : Under.Argument2;

    /// <summary>The calling process.</summary>
    public int Pid => Under.Thread.Process.Pid;

    /// <summary>The calling thread.</summary>
    public int Tid => Under.Thread.Tid;

    /// <summary>The controlling terminal of the calling process, or 0: it has none.</summary>
    public int ControllingTerminal => Under.Thread.Process.Terminal;

    /// <summary>The session of the calling process.</summary>
    public int Session => Under.Thread.Process.Session;

    /// <summary>Whether the caller is a 32-bit process.</summary>
    public bool IsCompat => Under.Thread.Process.Is32Bit;

    /// <summary>Whether it runs out-of-band.</summary>
    public bool IsOutOfBand => Under.IsOob;

    /// <summary>Who the caller acts as, at the time of the call.</summary>
    public Credentials Credentials => Under.Credentials;

    /// <summary>How many of the signals that its handler had sent have not found their place yet: it is answered after them.</summary>
    internal int Unsettled;

    /// <summary>What its handler has returned, while it waits for them; null: its handler has not ended.</summary>
    internal SysResult? Settling;

    /// <summary>Whether it has no handler that sleeps: what ends its sleep ends its call.</summary>
    internal bool IsParked;

    internal override Call? Call => _call;

    internal override bool IsOob => Under.IsOob && Under.Operation >= FileOperation.OobRead;

    private EvlMapping Mapping => Under.Object as EvlMapping
        ?? throw new InvalidOperationException("Only an mmap has length, protection and memory.");

    private Call Under => _call ?? throw Ended();

    /// <summary>Whether a capability is in force for the caller, now. Counterpart of <c>capable()</c>.</summary>
    /// <param name="capability">The capability.</param>
    /// <returns>True if it is.</returns>
    public bool Capable(Capabilities capability) => Credentials.Has(capability);

    /// <summary>Copies to the call's user memory; may wait for a slow page, so in-band handlers. <c>copy_to_user</c>.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>The number of bytes that could not be copied; not 0: answer EFAULT.</returns>
    /// <exception cref="WrongStageException">The handler runs out-of-band: use the raw copy.</exception>
    public IoTask<long> CopyToUser(ReadOnlyMemory<byte> source, long offset = 0)
    {
        StageCheck.InBand(this, nameof(CopyToUser));
        StageCheck.MightSleep(this, nameof(CopyToUser));
        if (FaultsAt("copy_to_user", source.Length))
            return (long)source.Length;
        UserBuffer buffer = Buffer;
        return buffer.Behaviour?.Stall is { IsCompleted: false } stall
            ? CopyAfter(stall, buffer, source, offset)
            : CopyTo(buffer, source.Span, offset);
    }

    /// <summary>Copies from the call's user memory; may wait for a slow page, so in-band handlers. <c>copy_from_user</c>.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>The number of bytes that could not be copied; not 0: answer EFAULT.</returns>
    /// <exception cref="WrongStageException">The handler runs out-of-band: use the raw copy.</exception>
    public IoTask<long> CopyFromUser(Memory<byte> destination, long offset = 0)
    {
        StageCheck.InBand(this, nameof(CopyFromUser));
        StageCheck.MightSleep(this, nameof(CopyFromUser));
        if (FaultsAt("copy_from_user", destination.Length))
            return (long)destination.Length;
        UserBuffer buffer = Buffer;
        return buffer.Behaviour?.Stall is { IsCompleted: false } stall
            ? CopyAfter(stall, destination, buffer, offset)
            : CopyFrom(buffer, destination.Span, offset);
    }

    /// <summary>Copies to the call's user memory without waiting, and without testing that it lies in user space; any handler.
    /// <c>raw_copy_to_user</c>.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>The number of bytes that could not be copied; not 0: answer EFAULT.</returns>
    public long RawCopyToUser(ReadOnlySpan<byte> source, long offset = 0) =>
        Buffer.Behaviour?.Stall is { IsCompleted: false } || FaultsAt("raw_copy_to_user", source.Length)
            ? source.Length : CopyTo(Buffer, source, offset, isChecked: false);

    /// <summary>Copies from the call's user memory without waiting, and without testing that it lies in user space; any handler.
    /// <c>raw_copy_from_user</c>.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="offset">Where in the user memory, in bytes; 0 by default.</param>
    /// <returns>The number of bytes that could not be copied; not 0: answer EFAULT.</returns>
    public long RawCopyFromUser(Span<byte> destination, long offset = 0) =>
        Buffer.Behaviour?.Stall is { IsCompleted: false } || FaultsAt("raw_copy_from_user", destination.Length)
            ? destination.Length : CopyFrom(Buffer, destination, offset, isChecked: false);

    /// <summary>
    /// Takes an oob reference on the open file behind a descriptor of the caller. Counterpart of <c>evl_get_file</c>.
    /// </summary>
    /// <param name="fd">The descriptor.</param>
    /// <returns>The reference, to be put; null if there is no such descriptor or its file has no oob context.</returns>
    public async IoTask<EvlFileReference?> GetFile(int fd)
    {
        DeviceActor device = Device;
        var request = new FileRequest { Kind = FileRequestKind.GetFile, Files = Under.Files, Fd = fd };
        await device.Waits.Ask(this, request, device.Context.OobStage, Rank.Head);
        return request.File is null ? null : new EvlFileReference(device, request);
    }

    /// <summary>A write met a pipe without reader: beside EPIPE, SIGPIPE is for the thread.</summary>
    internal void RaiseSigPipe() => Under.BrokePipe = true;

    /// <summary>Passes this call's request, its command, on to a thread's actor and waits for the answer; not interruptible.</summary>
    internal async IoTask<(SysResult Result, EvlThreadStatistics Statistics)> AskThread(ThreadInfo thread, int attachment, EvlThreadMode mode)
    {
        var request = new ThreadRequest(Device.Self, Rank, this) { Command = Command, Attachment = attachment, FromTid = Tid, Mode = mode };
        await Device.Waits.Ask(this, request, thread.Actor);
        return (request.Result, request.Statistics);
    }

    /// <summary>The memory that an mmap shows, from <see cref="Offset"/> on; what is beyond <see cref="Length"/> is not shown.
    /// Counterpart of <c>remap_pfn_range</c>. In the mmap handler.</summary>
    /// <param name="memory">The memory; the application writes to it at any time, unless the mapping is private.</param>
    /// <exception cref="InvalidOperationException">The call is no mmap.</exception>
    public void Map(Memory<byte> memory) => Mapping.Give(memory);

    /// <summary>
    /// Makes a file of this device, without its open handler: complete it (<see cref="EvlFile.PrivateData"/>,
    /// <see cref="EvlFile.OpenOob"/>) and pass it to <see cref="InstallFile"/>. Counterpart of <c>anon_inode_getfile</c>.
    /// </summary>
    /// <param name="flags">Access mode, status flags, and O_CLOEXEC for its descriptor.</param>
    /// <returns>The file, which nobody else knows yet.</returns>
    public EvlFile NewFile(OpenFlags flags = OpenFlags.ReadWrite) => Device.NewFile(null, flags);

    /// <summary>
    /// Makes a file of another driver, without its open handler. The driver becomes a device of its own without a node, which
    /// ends with its last file. Counterpart of <c>anon_inode_getfile</c>.
    /// </summary>
    /// <param name="driver">The driver, given away.</param>
    /// <param name="flags">Access mode, status flags, and O_CLOEXEC for its descriptor.</param>
    /// <returns>The file, which nobody else knows yet.</returns>
    public EvlFile NewFile(CharDevice driver, OpenFlags flags = OpenFlags.ReadWrite)
    {
        ArgumentNullException.ThrowIfNull(driver);
        return Device.NewFile(driver, flags);
    }

    /// <summary>
    /// Installs a file under the caller's lowest free number: from now on the application can use it. In-band handlers; not
    /// interruptible. Counterpart of <c>get_unused_fd_flags</c> and <c>fd_install</c>.
    /// </summary>
    /// <param name="file">A file made by <see cref="NewFile(OpenFlags)"/>; passed once.</param>
    /// <returns>The descriptor; EMFILE, ENFILE: the file is gone.</returns>
    /// <exception cref="InvalidOperationException">It was installed before.</exception>
    /// <exception cref="WrongStageException">The handler runs out-of-band.</exception>
    public async IoTask InstallFile(EvlFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        StageCheck.InBand(this, nameof(InstallFile));
        if (!file.IsOpening)
            throw new InvalidOperationException("A file is installed once.");
        DeviceActor device = Device;
        device.BeginInstall(file);
        var request = new FileRequest
        {
            Kind = FileRequestKind.InstallFile,
            File = file.Ref,
            Handle = file,
            Flags = file.OpenFlags,
            Modes = file.Modes,
            Call = Under,
        };
        SysResult answer = await device.Waits.Ask(this, request, Under.Files.Actor, Rank.InBand);
        device.EndInstall(file, answer.Errno);
        return answer.IsError ? answer : request.Fd;
    }

    /// <summary>Whether an access to the call's user memory is made to fault.</summary>
    internal bool FaultsAt(string access, long size) => Device.Context.ShouldFail(FaultPoint.UserCopy, _call, access, size);

    internal void Begin(DeviceActor device, Call call, EvlFile file)
    {
        if (!ReferenceEquals(Device, device))
            Device = device;
        _call = call;
        _file = file;
        Rank = call.CallRank;
        if (!ReferenceEquals(Caller, call.Caller))
            Caller = call.Caller;
        // By the rank, not by the thread: a demoted thread's is 0.
        Priority = call.CallRank.OobPriority;
        WasRefused = false;
        Unsettled = 0;
        Settling = null;
    }

    internal override Errno RefuseWait(bool interruptible) => IsOob && File.IsReleasing ? Errno.EIDRM : Errno.None;

    internal override void Ended(SysResult result)
    {
        Call call = Under;
        EvlFile file = File;
        _call = null;
        _file = null;
        Device.CallEnded(this, call, file, result);
    }

    private static async IoTask<long> CopyAfter(Task stall, UserBuffer to, ReadOnlyMemory<byte> source, long offset)
    {
        await Arrival(stall);
        return stall.IsCompletedSuccessfully ? CopyTo(to, source.Span, offset) : source.Length;
    }

    private static async IoTask<long> CopyAfter(Task stall, Memory<byte> destination, UserBuffer from, long offset)
    {
        await Arrival(stall);
        return stall.IsCompletedSuccessfully ? CopyFrom(from, destination.Span, offset) : destination.Length;
    }

    // A page that can't be fetched is its owner's fault, not the driver's: the copy faults.
    internal static ConfiguredTaskAwaitable Arrival(Task stall) => stall.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static long CopyTo(UserBuffer buffer, ReadOnlySpan<byte> source, long offset, bool isChecked = true)
    {
        int length = isChecked ? buffer.Accessible(offset, source.Length) : buffer.Mapped(offset, source.Length);
        if (length > 0)
            source[..length].CopyTo(buffer.Bytes[(int)offset..]);
        return source.Length - length;
    }

    private static long CopyFrom(UserBuffer buffer, Span<byte> destination, long offset, bool isChecked = true)
    {
        int length = isChecked ? buffer.Accessible(offset, destination.Length) : buffer.Mapped(offset, destination.Length);
        if (length > 0)
            buffer.Bytes.Slice((int)offset, length).CopyTo(destination);
        return destination.Length - length;
    }

    private static InvalidOperationException Ended() =>
        new("This system call has ended: an IoCall is valid until its handler returns. Keep the values, not the call.");
}

using System.Collections.Concurrent;
using System.Reflection;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// A character device: the state of one driver and the handlers of its operations. Counterpart of a driver's
/// <c>struct file_operations</c>; an operation that is not overridden is absent, and its call answers as said there.
/// </summary>
/// <remarks>
/// One handler runs at a time, so the state needs no lock; handlers interleave at their awaits. In-band handlers and the
/// <c>Oob*</c> handlers of one device share its state. A handler that throws fails the device: calls answer EIO until the node
/// is opened again, which makes a new one.
/// </remarks>
public abstract class CharDevice
{
    private static readonly ConcurrentDictionary<Type, FileOperations> s_operations = new();
    private DeviceActor? _actor;
    private OpenPolicy? _access;

    internal bool IsAttached => _actor is not null;

    /// <summary>The machine's monotonic clock, in nanoseconds. evl_read_clock(EVL_CLOCK_MONOTONIC).</summary>
    protected long MonotonicNs => Actor.Engine.MonotonicNs;

    /// <summary>Who may have the device open at a time; null (default): everybody whom the node's mode lets.</summary>
    /// <exception cref="InvalidOperationException">Set later than in the constructor: files may be open.</exception>
    protected OpenPolicy? Access
    {
        get => _access;
        set => _access = IsAttached ? throw new InvalidOperationException("Set Access in the driver's constructor.") : value;
    }

    private DeviceActor Actor => _actor
        ?? throw new InvalidOperationException("The device is not in a machine yet: use its services from the open handler on, not in the constructor.");

    /// <summary>The operations that a driver's type overrides.</summary>
    /// <param name="driver">The type.</param>
    /// <returns>The operations.</returns>
    internal static FileOperations OperationsOf(Type driver) => s_operations.GetOrAdd(driver, static type =>
    {
        FileOperations operations = default;
        foreach (FileOperation operation in Enum.GetValues<FileOperation>())
        {
            bool isPoll = operation is FileOperation.Poll or FileOperation.OobPoll;
            MethodInfo? handler = type.GetMethod(
                operation.ToString(), BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
                [isPoll ? typeof(PollTable) : typeof(IoCall)]);
            if (handler is not null && handler.DeclaringType != typeof(CharDevice))
                operations = operations.With(operation);
        }
        return operations;
    });

    internal void Attach(DeviceActor actor) => _actor = actor;

    internal IoTask Invoke(IoCall call) => call.Operation switch
    {
        FileOperation.Open => Access is { } access ? OpenBy(access, call) : Open(call),
        FileOperation.Flush => Flush(call),
        FileOperation.Release => Access is { } access ? ReleaseBy(access, call) : Release(call),
        FileOperation.Read => Read(call),
        FileOperation.Write => Write(call),
        FileOperation.Ioctl => Ioctl(call),
        FileOperation.CompatIoctl => CompatIoctl(call),
        FileOperation.Fasync => Fasync(call),
        FileOperation.Llseek => Llseek(call),
        FileOperation.Mmap => Mmap(call),
        FileOperation.Fsync => Fsync(call),
        FileOperation.VmOpen => VmOpen(call),
        FileOperation.VmClose => VmClose(call),
        FileOperation.OobRead => OobRead(call),
        FileOperation.OobWrite => OobWrite(call),
        FileOperation.OobIoctl => OobIoctl(call),
        FileOperation.CompatOobIoctl => CompatOobIoctl(call),
        _ => SysResult.Error(Errno.ENOSYS),
    };

    /// <summary>
    /// Answers a call in the turn that brings it, if it neither waits nor faults nor tells anybody but by what it changes: most
    /// transfers. Such a call needs no context to wait in and no task. For drivers of the machine's own; the handler of the operation
    /// does the same for every other call.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="device">Is told first, if the call is answered: <see cref="DeviceActor.Routed"/>.</param>
    /// <returns>Whether it is answered, in its result; else nothing has happened.</returns>
    internal virtual bool TryAnswer(Call call, DeviceActor device) => false;

    /// <summary>Whether the handler of a call that is not answered at once awaits nothing: it ends, or has its call parked.</summary>
    internal virtual bool ParksAtMost(Call call) => false;

    /// <summary>Does what the handler of a call does of which <see cref="ParksAtMost"/> says so, without a task.</summary>
    /// <param name="call">The call.</param>
    /// <param name="result">Its result, if it has ended.</param>
    /// <returns>Whether it has ended; else it is parked.</returns>
    internal virtual bool EndsOrParks(IoCall call, out SysResult result)
    {
        result = Errno.ENOSYS;
        return true;
    }

    /// <summary>Completes a call that was <see cref="DeviceWaits.TryPark">parked</see> and now has what it waited for. In a turn of the device.</summary>
    internal virtual SysResult Complete(IoCall call) => Errno.ENOSYS;

    /// <summary>The sleep of a call that was <see cref="DeviceWaits.TryPark">parked</see> has ended without what it waited for. In a turn of its own.</summary>
    internal virtual void ParkedEnds(IoCall call)
    {
    }

    /// <summary>Publishes what <see cref="Poll"/> would answer for every file, for polls that need not watch. In a turn of the device.</summary>
    internal void PublishLevel(PollEvents level)
    {
        // A handler that the failure ended may change it on its way out, but nobody is to be told but that the device has failed.
        if (!Actor.HasFailed)
            Actor.Ref.Level = level;
    }

    /// <summary>Whether it is the machine's own.</summary>
    internal bool IsOwn => GetType().Assembly == typeof(CharDevice).Assembly;

    /// <summary>Whether its handlers run code that is not the machine's own.</summary>
    internal virtual bool RunsUserCode => !IsOwn;

    /// <summary>Whether the answer of <see cref="Poll"/>, unless it is none, is only a guess that <see cref="VerifyPoll"/> tests
    /// by asking others; epolls are so.</summary>
    internal virtual bool GuessesPoll => false;

    /// <summary>Finds out what a file is ready for, by asking others.</summary>
    internal virtual IoTask VerifyPoll(PollContext context) => SysResult.Ok();

    /// <summary>A kernel-side transfer; cross-buffers have it.</summary>
    internal virtual IoTask InvokeTransfer(TransferContext context) => SysResult.Error(Errno.EINVAL);

    /// <summary>open: a new open file; in-band. Keep what belongs to it in <see cref="EvlFile.PrivateData"/>, call
    /// <see cref="EvlFile.OpenOob"/> to make it an oob file. Absent: every open succeeds.</summary>
    /// <param name="call">The call.</param>
    /// <returns>0, or the errno of open(2); after an error there is no release.</returns>
    protected internal virtual IoTask Open(IoCall call) => SysResult.Ok();

    /// <summary>flush: a descriptor of the file is closed or replaced; in-band. Absent: 0.</summary>
    /// <param name="call">The call.</param>
    /// <returns>0, or what close(2) answers although the descriptor is closed; ERESTARTSYS becomes EINTR.</returns>
    protected internal virtual IoTask Flush(IoCall call) => SysResult.Ok();

    /// <summary>release: the last in-band reference of the file is gone; in-band, once per open file. Wake the file's sleepers
    /// with EIDRM, await <see cref="EvlFile.ReleaseOob"/>, then dismantle. Absent: nothing to do.</summary>
    /// <param name="call">The call whose end dropped the reference.</param>
    /// <returns>Ignored.</returns>
    protected internal virtual async IoTask Release(IoCall call)
    {
        await call.File.ReleaseOob();
        return 0;
    }

    /// <summary>read: read(2); in-band, may sleep interruptibly. Absent: EINVAL.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The bytes read, 0 at the end; EAGAIN if it would sleep and O_NONBLOCK is set; EFAULT; ERESTARTSYS.</returns>
    protected internal virtual IoTask Read(IoCall call) => SysResult.Error(Errno.EINVAL);

    /// <summary>write: write(2); in-band, may sleep interruptibly. Absent: EINVAL.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The bytes written; EAGAIN if it would sleep and O_NONBLOCK is set; EFAULT; ERESTARTSYS.</returns>
    protected internal virtual IoTask Write(IoCall call) => SysResult.Error(Errno.EINVAL);

    /// <summary>unlocked_ioctl: ioctl(2) of a native process; in-band. Absent: ENOTTY.</summary>
    /// <param name="call">The call.</param>
    /// <returns>0 or a value; ENOTTY or ENOIOCTLCMD for an unknown command; EFAULT; EINVAL; EPERM.</returns>
    protected internal virtual IoTask Ioctl(IoCall call) => SysResult.Error(Errno.ENOTTY);

    /// <summary>compat_ioctl: ioctl(2) of a 32-bit process; in-band. Absent: ENOTTY, also if <see cref="Ioctl"/> is there.</summary>
    /// <param name="call">The call.</param>
    /// <returns>As <see cref="Ioctl"/>.</returns>
    protected internal virtual IoTask CompatIoctl(IoCall call) => SysResult.Error(Errno.ENOTTY);

    /// <summary>fasync: notification is switched by F_SETFL or FIOASYNC, as <see cref="IoCall.AsyncOn"/> says; in-band. Pass it
    /// on to <see cref="FasyncList.FasyncHelper"/>, which makes FASYNC follow. Also called with it off and descriptor -1 before
    /// the release of a file that has FASYNC set. Absent: F_SETFL succeeds without setting FASYNC, FIOASYNC is ENOTTY if the
    /// bit would change.</summary>
    /// <param name="call">The call.</param>
    /// <returns>0 or more, the caller gets 0; an errno: the caller gets it and no other flag changes.</returns>
    protected internal virtual IoTask Fasync(IoCall call) => SysResult.Ok();

    /// <summary>llseek: lseek(2); in-band. Leave the new position in <see cref="IoCall.Position"/>, or use one of the helpers of
    /// <see cref="SeekHelpers"/>. Absent: ESPIPE.</summary>
    /// <param name="call">The call, with <see cref="IoCall.Offset"/> and <see cref="IoCall.Whence"/>.</param>
    /// <returns>The position; EINVAL, ENXIO, ESPIPE: the position has not changed.</returns>
    protected internal virtual IoTask Llseek(IoCall call) => SysResult.Error(Errno.ESPIPE);

    /// <summary>mmap: mmap(2); in-band. Give the memory to <see cref="IoCall.Map"/>. Absent: ENODEV.</summary>
    /// <param name="call">The call, with <see cref="IoCall.Offset"/>, <see cref="IoCall.Length"/> and <see cref="IoCall.Protection"/>.</param>
    /// <returns>0: the mapping keeps the file open; EINVAL, ENXIO, EAGAIN or another errno.</returns>
    protected internal virtual IoTask Mmap(IoCall call) => SysResult.Error(Errno.ENODEV);

    /// <summary>open of <c>vm_operations_struct</c>: a mapping has one part more, as a munmap in its middle or a fork makes it;
    /// in-band. Not called by mmap itself. Absent: nothing to do.</summary>
    /// <param name="call">The call that made it.</param>
    /// <returns>Ignored.</returns>
    protected internal virtual IoTask VmOpen(IoCall call) => SysResult.Ok();

    /// <summary>close of <c>vm_operations_struct</c>: a part of a mapping is gone; in-band, before its reference is dropped.
    /// Absent: nothing to do.</summary>
    /// <param name="call">The call that unmaps.</param>
    /// <returns>Ignored.</returns>
    protected internal virtual IoTask VmClose(IoCall call) => SysResult.Ok();

    /// <summary>fsync: fsync(2); in-band, may sleep. Absent: EINVAL.</summary>
    /// <param name="call">The call.</param>
    /// <returns>0; EIO or another errno.</returns>
    protected internal virtual IoTask Fsync(IoCall call) => SysResult.Error(Errno.EINVAL);

    /// <summary>oob_read: out-of-band, may sleep in EVL services only. Absent: EINVAL.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The bytes read; EAGAIN if it would sleep and O_NONBLOCK is set; EFAULT; the error of a wait.</returns>
    protected internal virtual IoTask OobRead(IoCall call) => SysResult.Error(Errno.EINVAL);

    /// <summary>oob_write: out-of-band, may sleep in EVL services only. Absent: EINVAL.</summary>
    /// <param name="call">The call.</param>
    /// <returns>The bytes written; EAGAIN if it would sleep and O_NONBLOCK is set; EFAULT; the error of a wait.</returns>
    protected internal virtual IoTask OobWrite(IoCall call) => SysResult.Error(Errno.EINVAL);

    /// <summary>oob_ioctl: out-of-band, of a native process. Absent: ENOTTY.</summary>
    /// <param name="call">The call.</param>
    /// <returns>0 or a value; ENOTTY or ENOIOCTLCMD for an unknown command; EFAULT; EINVAL; the error of a wait.</returns>
    protected internal virtual IoTask OobIoctl(IoCall call) => SysResult.Error(Errno.ENOTTY);

    /// <summary>compat_oob_ioctl: out-of-band, of a 32-bit process. Absent: ENOTTY, also if <see cref="OobIoctl"/> is there.</summary>
    /// <param name="call">The call.</param>
    /// <returns>As <see cref="OobIoctl"/>.</returns>
    protected internal virtual IoTask CompatOobIoctl(IoCall call) => SysResult.Error(Errno.ENOTTY);

    /// <summary>
    /// poll: what the file is ready for now; in-band, asked by poll(2), select(2) and epoll. Name every queue or head whose
    /// wake-up can change the answer, by <see cref="PollTable.PollWait(WaitQueueHead)"/> or <see cref="PollTable.Watch"/>, then
    /// compute the answer; never sleep. IN goes with RDNORM, OUT with WRNORM; HUP at the end of the file. Absent: always
    /// <see cref="PollEvents.Default"/>, and epoll_ctl(ADD) answers EPERM.
    /// </summary>
    /// <param name="table">Takes the queues and heads.</param>
    /// <returns>The mask; what the poller did not ask for is filtered out for it.</returns>
    protected internal virtual PollEvents Poll(PollTable table) => PollEvents.Default;

    /// <summary>
    /// oob_poll: what the file is ready for now; out-of-band, asked by EVL poll sets. As <see cref="Poll"/>; signal the heads
    /// that it names with the events that happened. Absent: always <see cref="PollEvents.Default"/>.
    /// </summary>
    /// <param name="table">Takes the queues and heads.</param>
    /// <returns>The mask; what the poller did not ask for is filtered out for it.</returns>
    protected internal virtual PollEvents OobPoll(PollTable table) => PollEvents.Default;

    /// <summary>
    /// What a driver's <see cref="CompatIoctl"/> returns if its arguments look the same to 32-bit processes: the answer of
    /// <see cref="Ioctl"/>. Counterpart of <c>compat_ptr_ioctl</c>.
    /// </summary>
    /// <param name="call">The call; its argument is the 32 bits that the process passed, zero-extended.</param>
    /// <returns>As <see cref="Ioctl"/>.</returns>
    protected IoTask CompatPtrIoctl(IoCall call) => Ioctl(call);

    /// <summary>As <see cref="CompatPtrIoctl"/>, from <see cref="CompatOobIoctl"/> to <see cref="OobIoctl"/>. Counterpart of
    /// <c>compat_ptr_oob_ioctl</c>.</summary>
    /// <param name="call">The call.</param>
    /// <returns>As <see cref="OobIoctl"/>.</returns>
    protected IoTask CompatPtrOobIoctl(IoCall call) => OobIoctl(call);

    /// <summary>Makes a timer whose handler runs in oob interrupt context. evl_init_timer. In a turn of the device.</summary>
    /// <param name="handler">Called at each date; may not sleep.</param>
    /// <returns>The timer, stopped.</returns>
    protected EvlTimer CreateTimer(Func<InterruptContext, IoTask> handler) => Actor.NewTimer(handler);

    /// <summary>
    /// Runs a kernel thread of the device as soon as it has its name. evl_run_kthread, evl_run_kthread_on_cpu. In a turn of the
    /// device; does not block. <see cref="KernelThread.Started"/> says whether it runs.
    /// </summary>
    /// <param name="name">Its name, unique among the attached and kernel threads of the machine.</param>
    /// <param name="priority">Its priority, 1 to 99.</param>
    /// <param name="body">What it runs, out-of-band, until <see cref="KernelThread.ShouldStop"/>.</param>
    /// <param name="cpu">The CPU, below <see cref="EvlMachineOptions.OnlineCpus"/>; 0 by default.</param>
    /// <returns>The thread.</returns>
    protected KernelThread RunKernelThread(string name, int priority, Func<KernelThread, IoTask> body, int cpu = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(body);
        return Actor.NewThread(name, priority, cpu, body);
    }

    /// <summary>Makes work that out-of-band code hands to the in-band stage. <c>init_irq_work</c>. In a turn of the device.</summary>
    /// <param name="handler">What runs in-band; may call in-band services, not sleep.</param>
    /// <returns>The work, not queued.</returns>
    protected IrqWork CreateIrqWork(Action<IrqWorkContext> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new IrqWork(Actor, handler);
    }

    /// <summary>Has a function run on the out-of-band stage, ahead of every thread, and waits for its result; not interruptible.
    /// <c>run_oob_call</c>.</summary>
    /// <param name="context">Who calls; in-band.</param>
    /// <param name="function">The function; may not sleep.</param>
    /// <returns>Awaited: what the function returned.</returns>
    /// <exception cref="WrongStageException">The caller is out-of-band already.</exception>
    protected Wait RunOobCall(IoContext context, Func<OobCallContext, SysResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        StageCheck.InBand(context, nameof(RunOobCall));
        return Actor.Waits.RunOobCall(context, function);
    }

    /// <summary>The bytes of one in-band read and of one write at most; more would be EINVAL.</summary>
    internal virtual (int Read, int Write) MostTransferred => (int.MaxValue, int.MaxValue);

    /// <summary>The rings that a snapshot shows; in a turn of the device.</summary>
    internal virtual IReadOnlyList<RingSnapshot> Rings => [];

    private async IoTask OpenBy(OpenPolicy access, IoCall call)
    {
        EvlFile file = call.File;
        if (await access.Enter(call) is { IsError: true } refused)
            return refused;
        bool isOpen = false;
        try
        {
            SysResult result = await Open(call);
            isOpen = result.IsSuccess;
            return result;
        }
        finally
        {
            if (isOpen)
                access.Opened(file);
            else
                access.Leave(file);
        }
    }

    private async IoTask ReleaseBy(OpenPolicy access, IoCall call)
    {
        EvlFile file = call.File;
        SysResult result = await Release(call);
        access.Leave(file);
        return result;
    }
}

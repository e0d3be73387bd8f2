using EvlActors.Actors;
using EvlActors.Calls;
using EvlActors.Drivers;
using EvlActors.InBand.Epoll;

namespace EvlActors.InBand;

/// <summary>
/// The in-band stage: the VFS. Owns the device namespace, the element names and the processes; passes calls that name a
/// descriptor on to their table, and opens files.
/// </summary>
internal sealed class InbandStage : Actor
{
    private readonly MachineContext _context;
    private readonly DeviceNamespace _nodes;
    private readonly ElementRegistry _elements;
    private readonly FileOpener _opener;
    private readonly ElementMaker _elementMaker;
    private readonly PipeMaker _pipes;
    private readonly ProcessTable _processes;
    private readonly ProcessFork _forks;
    private readonly ProcessExit _exits;
    private readonly ChildWaits _waits;
    private readonly EpollSpawner _epolls;
    private readonly SignalSender _signals;
    private readonly FileOwners _owners;
    private readonly CredentialCalls _credentials;
    private readonly GroupCalls _groups;

    internal InbandStage(MachineContext context, IProcessHost host, int maxElements)
    {
        _context = context;
        _nodes = new DeviceNamespace(context);
        _elements = new ElementRegistry(context, _nodes, maxElements);
        _opener = new FileOpener(context, _nodes, _elements);
        _elementMaker = new ElementMaker(context, _elements, _opener);
        _pipes = new PipeMaker(context);
        _processes = new ProcessTable(context);
        _forks = new ProcessFork(context, _processes, host);
        _waits = new ChildWaits(context, _processes);
        _exits = new ProcessExit(context, _processes, _elements, _waits, host);
        _signals = new SignalSender(_processes, _exits);
        _owners = new FileOwners(_processes);
        _credentials = new CredentialCalls(_processes);
        _groups = new GroupCalls(_processes);
        _epolls = new EpollSpawner(context);
    }

    /// <inheritdoc/>
    protected internal override void Receive(Message message)
    {
        switch (message)
        {
            case Call call:
                OnCall(call);
                break;
            case AddNode add:
                _nodes.Add(add.Node);
                break;
            case RemoveNode remove:
                DeviceNamespace.Unbind(remove.Node);
                break;
            case ProcessMessage { Thread: null } made:
                _processes.Add(made.Process, parent: null);
                break;
            case ProcessMessage made:
                _processes.AddThread(made.Thread!); // the case above has none
                break;
            case ThreadEnded ended:
                _elements.OnDetached(ended.Thread);
                if (ended.Thread.PollWaiter is { } waiter)
                    _context.Engine.Stop(waiter);
                _exits.OnThreadEnded(ended.Thread);
                _forks.OnThreadEnded(ended.Thread);
                break;
            case EndProcess end:
                _exits.End(end);
                break;
            case Interrupt interrupt:
                _waits.OnInterrupt(interrupt);
                break;
            case SleepNotice notice:
                // A driver sleeps in a close that the stage makes for a process that ends: nobody interrupts that.
                notice.Call.Return(notice);
                break;
            case DeviceMade made:
                _nodes.Add(made.Device);
                break;
            case SignalOffer decided:
                _processes.Find(decided.Process.Pid)?.Signals.OnDecided(decided);
                break;
            case SendSignal send:
                _signals.Send(send);
                break;
            case KillFasync kill:
                _signals.Send(kill);
                break;
            case SignalReturned returned:
                _processes.Find(returned.Process.Pid)?.Signals.OnReturned(returned.Signals);
                break;
            case ActorTimer alarm:
                ((ProcessSignals)alarm.State!).OnAlarm(); // the timers of the stage are alarms, which carry their process's signals
                break;
            case DeviceFailed failed:
                _nodes.OnFailed(failed.Device);
                break;
            case ElementGone gone:
                _elements.OnGone(gone.Device, gone.Opens);
                _nodes.OnGone(gone.Device);
                break;
            case DetachElement detached:
                _elements.OnDetached(detached.Thread);
                break;
            case ThreadNameRequest asked:
                asked.Answer(_elements.ReserveThread(asked.Name));
                break;
            case ThreadNameFreed freed:
                _elements.FreeThread(freed.Name);
                break;
            case Look look:
                _processes.Describe(look.Survey);
                foreach (DeviceRef device in _nodes.Devices.Concat(_elements.Devices))
                    look.Survey.AskOnce(device);
                look.End();
                break;
            case EndOfGrace:
                foreach (DeviceRef device in _nodes.Devices.Concat(_elements.Devices))
                    device.Actor.Tell(new FailDevice(), Rank.Head);
                break;
            default:
                throw new InvalidOperationException($"The in-band stage has no use for a {message.GetType().Name}.");
        }
    }

    private void OnCall(Call call)
    {
        switch (call.Step)
        {
            case CallStep.InBandEnter:
                Enter(call);
                break;
            case CallStep.InBandReserved:
                _opener.OnReserved(call);
                break;
            case CallStep.InBandElementOpened:
                _opener.OnElementOpened(call);
                break;
            case CallStep.InBandPipe:
                _pipes.GoOn(call);
                break;
            case CallStep.InBandForked:
                _forks.OnTableCopied(call);
                break;
            case CallStep.InBandUnshared:
                _forks.OnUnshared(call);
                break;
            case CallStep.InBandExecClosed:
                _forks.CloseNext(call);
                break;
            case CallStep.InBandClosed:
                _exits.CloseNext(call);
                break;
            case CallStep.InBandMapped:
                _processes.MemoryOf(call).Mapped(call);
                break;
            case CallStep.InBandUnmapped:
                _processes.MemoryOf(call).UnmapNext(call);
                break;
            case CallStep.InBandEndUnmapped:
                _exits.Unmapped(call);
                break;
            case CallStep.InBandExecUnmapped:
                _forks.Unmapped(call);
                break;
            case CallStep.InBandForkMapped:
                break; // made by the stage for the fork, which did not wait for it
            case CallStep.InBandOwner:
                call.Return(_owners.Tell(call));
                break;
            case CallStep.InBandAsk:
                _processes[call.Thread.Process].Signals.Ask(call.Thread, call.SignalMask);
                call.Return(call.Saved);
                break;
            default:
                throw new InvalidOperationException($"The in-band stage has no step {call.Step}.");
        }
    }

    private void Enter(Call call)
    {
        if (call.Thread.Process.HasEnded)
        {
            // A thread that was made too late: it is being killed.
            call.Return(Errno.ESRCH);
            return;
        }
        if (LacksArgument(call) || (BringsObject(call) && _context.ShouldFail(FaultPoint.UserCopy, call, "copy_from_user")))
        {
            call.Return(Errno.EFAULT);
            return;
        }
        switch (call.Nr)
        {
            case SyscallNumber.EvlInit:
                call.Thread.Process.IsInitialised = true;
                call.Return(0);
                break;
            case SyscallNumber.Open:
                _opener.Reserve(call);
                break;
            case SyscallNumber.CreateXbuf or SyscallNumber.CreateSem or SyscallNumber.CreateFlags:
                _elementMaker.Create(call);
                break;
            case SyscallNumber.EpollCreate or SyscallNumber.EpollCreate1:
                _epolls.Create(call, _opener);
                break;
            case SyscallNumber.EpollCtl or SyscallNumber.EpollWait when EpollSpawner.Refuse(call) is var refused and not Errno.None:
                call.Return(refused);
                break;
            case SyscallNumber.Poll:
            case SyscallNumber.Select:
                call.PassTo(PollWaiterOf(call.Thread), CallStep.WaiterPoll, Rank.InBand);
                break;
            case SyscallNumber.Attach:
                _elementMaker.Attach(call);
                break;
            case SyscallNumber.Mmap:
                // A call from an outside actor brings no mapping: it gets a shared one that can be read and written.
                call.Object ??= new EvlMapping(call.Argument2, MapProtection.Read | MapProtection.Write, MapFlags.Shared) { Offset = call.Argument };
                call.Push(Self, CallStep.InBandMapped);
                call.PassTo(call.Files.Actor, CallStep.TableLookUp, Rank.InBand);
                break;
            case SyscallNumber.Munmap:
                _processes.MemoryOf(call).Unmap(call);
                break;
            case SyscallNumber.Exit:
                _exits.Exit(call);
                break;
            case SyscallNumber.Fork:
                _forks.Fork(call);
                break;
            case SyscallNumber.Exec:
                _forks.Exec(call);
                break;
            case SyscallNumber.CloseRange:
                _forks.CloseRange(call);
                break;
            case SyscallNumber.Wait:
                _waits.Wait(call);
                break;
            case SyscallNumber.Pipe2:
                _pipes.Make(call);
                break;
            case >= SyscallNumber.Getpid and <= SyscallNumber.Setsid:
                MayFault(call);
                call.Return(_credentials.Serve(call) ?? LimitCalls.Serve(call) ?? _groups.Serve(call) ?? Errno.ENOSYS);
                break;
            case >= SyscallNumber.Sigaction and <= SyscallNumber.Alarm:
                _signals.Enter(call);
                break;
            case SyscallNumber.Fcntl when FileOwners.IsNamedBy(call):
                MayFault(call);
                _owners.Find(call);
                call.PassTo(call.Files.Actor, CallStep.TableLookUp, Rank.InBand);
                break;
            default:
                call.PassTo(call.Files.Actor, CallStep.TableLookUp, Rank.InBand);
                break;
        }
    }

    // Whatever the stage does with the memory of a call, it faults.
    private void MayFault(Call call)
    {
        if (call.Buffer.Count > 0 && _context.ShouldFail(FaultPoint.UserCopy, call, "user memory", call.Buffer.Count))
            call.Buffer = UserBuffer.Bad(call.Buffer.Count);
    }

    // A path, or structures, that the kernel copies in before it looks at anything.
    private static bool BringsObject(Call call) => call.Nr switch
    {
        SyscallNumber.Open or SyscallNumber.Poll or SyscallNumber.Select => true,
        SyscallNumber.CreateXbuf or SyscallNumber.CreateSem or SyscallNumber.CreateFlags => true,
        SyscallNumber.EpollCtl => (EpollOp)call.Argument != EpollOp.Del,
        _ => false,
    };

    // A call from an outside actor brings a path at most. What else a call points to is a null pointer there.
    private static bool LacksArgument(Call call) => call.Nr switch
    {
        SyscallNumber.Open => call.Object is not string,
        SyscallNumber.Poll or SyscallNumber.Select => call.Object is not PollArguments,
        SyscallNumber.Mmap => call.Object is not (null or EvlMapping),
        SyscallNumber.Sigaction => call.Object is not SignalAction,
        SyscallNumber.Setgroups => call.Object is not int[],
        _ => false,
    };

    private ActorRef PollWaiterOf(ThreadInfo thread) => thread.PollWaiter ??= _context.Engine.Spawn(
        new PollWaiter(_context), new SpawnOptions($"poll/{thread.Name}", Placement.InBand, _context.Supervisor));
}

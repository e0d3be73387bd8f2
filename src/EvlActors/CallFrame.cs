using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// The place of one call of a user thread: the call, its caller's door and the task that is awaited, used again and again. Code
/// of a signal handler has a frame of its own, so it makes calls while the call that it interrupted waits.
/// </summary>
/// <remarks>
/// A call comes back with its answer, or with a signal whose handler has to run first. Then the handler is run where the answer
/// would have been taken (on the blocking caller's own thread, or where the awaiting code goes on) and the call sent back, until
/// there is an answer. Nothing is allocated for a call that no signal interrupts.
/// </remarks>
internal sealed class CallFrame : IValueTaskSource<SysResult>
{
    private static readonly Action<object?> s_onBack = static frame => ((CallFrame)frame!).OnBack(); // registered with its frame
    private static readonly Action<object?> s_cancel = static frame => ((CallFrame)frame!).Cancel(); // registered with its frame

    private readonly UserThread _thread;
    private readonly ThreadInfo _info;
    private readonly Call _call;
    private readonly Caller _caller;
    private CallFrame? _inner;

    // Ends when the result is taken, or when the next call begins: a cancellation never meets another call than its own.
    private CancellationTokenRegistration _registration;
    private bool _isCancellable;

    // Odd while a call is under way or its result not taken; each call has a number of its own, so a result is taken once.
    private int _version;
    private long _number; // of the call that a cancellation ends
    private bool _isHandling;
    private ExceptionDispatchInfo? _thrown;

    // Whoever awaits the call.
    private Action<object?>? _continuation;
    private object? _state;
    private ValueTaskSourceOnCompletedFlags _flags;

    internal CallFrame(UserThread thread, ThreadInfo info)
    {
        _thread = thread;
        _info = info;
        _call = new Call(info);
        _caller = thread.Process.Machine.Engine.CreateCaller(info.Priority);
        _call.Caller = _caller;
    }

    private bool IsAnswered => _caller.IsAnswered && !Volatile.Read(ref _isHandling) && _call.Delivery is null;

    internal bool IsUnderWay => (Volatile.Read(ref _version) & 1) != 0 && !IsAnswered;

    /// <inheritdoc/>
    public SysResult GetResult(short token) => TakeResult(token);

    /// <inheritdoc/>
    public ValueTaskSourceStatus GetStatus(short token)
    {
        Check(token);
        return IsAnswered ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;
    }

    /// <inheritdoc/>
    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
    {
        Check(token);
        if (_continuation is not null)
            throw TakenOnce();
        _continuation = continuation;
        _state = state;
        _flags = flags;
        _caller.OnAnswered(s_onBack, this, flags);
    }

    /// <summary>Makes a call without waiting.</summary>
    internal ValueTask<SysResult> Submit(
        SyscallNumber nr, int fd, in UserBuffer buffer, long argument, long argument2, long argument3, object? @object, CancellationToken cancellation)
    {
        int version = Begin(nr, fd, buffer, argument, argument2, argument3, @object);
        _number = _call.Number;
        _caller.Enter(_info.Actor, _call, RankOf(nr));
        if (IsAnswered)
            return new ValueTask<SysResult>(Take(version));
        if (cancellation.CanBeCanceled)
        {
            _isCancellable = true;
            _registration = cancellation.UnsafeRegister(s_cancel, this);
        }
        return new ValueTask<SysResult>(this, (short)version);
    }

    /// <summary>Makes a call and blocks the calling thread until it is answered; handlers of signals run on this thread.</summary>
    internal SysResult Block(
        SyscallNumber nr, int fd, in UserBuffer buffer, long argument, long argument2, long argument3, object? @object)
    {
        int version = Begin(nr, fd, buffer, argument, argument2, argument3, @object);
        try
        {
            _caller.EnterAndWait(_info.Actor, _call, RankOf(nr));
            while (_call.Delivery is not null)
            {
                Task running = RunHandlerAsync(_call).AsTask();
                running.GetAwaiter().GetResult();
                _call.Step = CallStep.ThreadHandled;
                _caller.EnterAndWait(_info.Actor, _call, Rank.InBand);
                Volatile.Write(ref _isHandling, false);
            }
        }
        catch (ObjectDisposedException)
        {
            return SysResult.Error(Errno.ESRCH).Of(nr);
        }
        return Take(version);
    }

    /// <summary>Runs the handler of a call that was not made here: by a message, so that no body awaits it.</summary>
    internal async Task RunForeignAsync(Call call)
    {
        await RunHandlerAsync(call).ConfigureAwait(true);
        _thrown = null;
        Volatile.Write(ref _isHandling, false);
        call.PassTo(_info.Actor, CallStep.ThreadHandled, Rank.InBand);
    }

    private static Rank RankOf(SyscallNumber nr, int priority) =>
        nr <= SyscallNumber.EvlSleep ? Rank.Oob(priority) : Rank.InBand;

    // A request to an element is an oob call if its thread is out-of-band.
    private Rank RankOf(SyscallNumber nr) =>
        RankOf(nr == SyscallNumber.ElementRequest && !_info.IsInBand ? SyscallNumber.OobIoctl : nr, _info.Priority);

    private void Cancel() => _info.Actor.Tell(new Unblock(_number), Rank.Head);

    private void OnBack()
    {
        if (_call.Delivery is null)
            Continue();
        else
            _ = RunHandlersAsync();
    }

    private void Continue()
    {
        Action<object?> continuation = _continuation!; // set before the call was awaited
        object? state = _state;
        // The continuation may make the next call: the fields are free before it runs.
        _continuation = null;
        _state = null;
        continuation(state);
    }

    // Where the awaiting code goes on, until the call is answered or under way again.
    private async Task RunHandlersAsync()
    {
        do
        {
            await RunHandlerAsync(_call).ConfigureAwait(true);
            _call.Step = CallStep.ThreadHandled;
            _caller.Enter(_info.Actor, _call, Rank.InBand);
            // Not before: in between it would look answered.
            Volatile.Write(ref _isHandling, false);
        }
        while (_caller.IsAnswered && _call.Delivery is not null);
        if (IsAnswered)
            Continue();
        else
            _caller.OnAnswered(s_onBack, this, _flags);
    }

    // Never throws: what the handler throws is thrown by the call that it interrupted.
    private async ValueTask RunHandlerAsync(Call call)
    {
        SignalAction action = call.Delivery!; // asked for when a signal was delivered
        Volatile.Write(ref _isHandling, true);
        call.Delivery = null;
        CallFrame inner = _inner ??= new CallFrame(_thread, _info);
        _thread.EnterHandler(inner);
        try
        {
            var handler = (Func<UserThread, SigInfo, ValueTask>)action.Handler!; // only handlers are delivered
            await handler(_thread, call.DeliveredInfo).ConfigureAwait(true);
            if (inner.IsUnderWay)
            {
                _inner = null; // that call keeps its frame
                throw new InvalidOperationException($"The handler of {call.DeliveredInfo.Number} returned while a call of it was under way: await its calls.");
            }
        }
        catch (Exception e)
        {
            _thrown ??= ExceptionDispatchInfo.Capture(e);
            call.HandlerThrew = true;
        }
        _thread.LeaveHandler(this);
    }

    private int Begin(
        SyscallNumber nr, int fd, in UserBuffer buffer, long argument, long argument2, long argument3, object? @object)
    {
        int before = Volatile.Read(ref _version);
        int version = before + ((before & 1) != 0 ? 2 : 1);
        if (IsUnderWay || Interlocked.CompareExchange(ref _version, version, before) != before)
            throw OneAtATime();
        EndCancellation();
        // What the last call named is near still.
        if (_call.Fd != fd)
            _info.Process.Files.BringNear(fd);
        _call.Begin(nr, fd, buffer, argument, argument2, @object);
        _call.Argument3 = argument3;
        _call.Step = CallStep.ThreadEnter;
        return version;
    }

    private SysResult TakeResult(short token)
    {
        int version = Volatile.Read(ref _version);
        if ((short)version != token || !IsAnswered)
            throw TakenOnce();
        return Take(version);
    }

    // Of a call that is answered: another OS thread may have made the thread's next call since, and the place is that one's then.
    private SysResult Take(int version)
    {
        if (Volatile.Read(ref _version) != version)
            throw TakenOnce();
        SysResult result = _call.Result;
        bool isRefused = _call.IsRefused;
        ExceptionDispatchInfo? thrown = _thrown;
        _thrown = null;
        EndCancellation();
        Volatile.Write(ref _version, version + 1);
        if (isRefused)
            throw OneAtATime();
        thrown?.Throw();
        return result;
    }

    private void EndCancellation()
    {
        if (!_isCancellable)
            return;
        _isCancellable = false;
        // Waits for a cancellation that is just being told.
        _registration.Dispose();
        _registration = default;
    }

    // Who awaits an earlier call must not take the place of who awaits this one.
    private void Check(short token)
    {
        if ((short)Volatile.Read(ref _version) != token)
            throw TakenOnce();
    }

    private static InvalidOperationException TakenOnce() =>
        new("The result of a call is taken once, by awaiting it before the thread's next call.");

    private InvalidOperationException OneAtATime() =>
        new($"Thread {_info.Name} has a call under way: a thread makes one call at a time. Await it first, or create another thread.");
}

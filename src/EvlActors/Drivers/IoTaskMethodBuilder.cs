using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace EvlActors.Drivers;

/// <summary>Used by the compiler for methods that return <see cref="IoTask{T}"/>.</summary>
/// <typeparam name="T">The result.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public struct IoTaskMethodBuilder<T>
{
    private IoTaskBox<T>? _box;
    private T _result;

    /// <summary>Used by the compiler.</summary>
    public readonly IoTask<T> Task => _box is null ? new IoTask<T>(_result) : new IoTask<T>(_box);

    /// <summary>Used by the compiler.</summary>
    /// <returns>A builder.</returns>
    public static IoTaskMethodBuilder<T> Create() => default;

    /// <summary>Used by the compiler. The method begins in its caller's turn, and no execution context is captured.</summary>
    /// <typeparam name="TStateMachine">The method's state machine.</typeparam>
    /// <param name="stateMachine">The method's state machine.</param>
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    /// <summary>Used by the compiler; does nothing, as boxes are strongly typed.</summary>
    /// <param name="stateMachine">The method's state machine.</param>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }

    /// <summary>Used by the compiler: the method returned.</summary>
    /// <param name="result">What it returned.</param>
    public void SetResult(T result)
    {
        if (_box is null)
            _result = result;
        else
            _box.End(result);
    }

    /// <summary>Used by the compiler: the method threw.</summary>
    /// <param name="exception">What it threw.</param>
    public void SetException(Exception exception)
    {
        _box ??= new IoTaskBox<T, IAsyncStateMachine>();
        _box.Fail(exception);
    }

    /// <summary>Used by the compiler: the method suspends.</summary>
    /// <typeparam name="TAwaiter">What it awaits.</typeparam>
    /// <typeparam name="TStateMachine">The method's state machine.</typeparam>
    /// <param name="awaiter">What it awaits.</param>
    /// <param name="stateMachine">The method's state machine.</param>
    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        IoTaskBox<T> box = Suspend(ref stateMachine);
        // The JIT sees through this test for a struct awaiter: neither it nor the call boxes.
        if (awaiter is IActorAwaiter)
        {
            ((IActorAwaiter)awaiter).Suspend(box);
            return;
        }
        ForeignContinuation continuation = ForeignContinuation.For(box);
        try
        {
            awaiter.OnCompleted(continuation.Action);
        }
        catch
        {
            continuation.Refused();
            throw;
        }
    }

    /// <summary>Used by the compiler: the method suspends.</summary>
    /// <typeparam name="TAwaiter">What it awaits.</typeparam>
    /// <typeparam name="TStateMachine">The method's state machine.</typeparam>
    /// <param name="awaiter">What it awaits.</param>
    /// <param name="stateMachine">The method's state machine.</param>
    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        IoTaskBox<T> box = Suspend(ref stateMachine);
        // By their types first: asked by their interface they would be boxed wherever the JIT does not see through it.
        if (typeof(TAwaiter) == typeof(Wait.Awaiter))
        {
            Unsafe.As<TAwaiter, Wait.Awaiter>(ref awaiter).Suspend(box);
            return;
        }
        if (typeof(TAwaiter) == typeof(IoTask<SysResult>.Awaiter))
        {
            Unsafe.As<TAwaiter, IoTask<SysResult>.Awaiter>(ref awaiter).Suspend(box);
            return;
        }
        if (awaiter is IActorAwaiter)
        {
            ((IActorAwaiter)awaiter).Suspend(box);
            return;
        }
        ForeignContinuation continuation = ForeignContinuation.For(box);
        try
        {
            awaiter.UnsafeOnCompleted(continuation.Action);
        }
        catch
        {
            continuation.Refused();
            throw;
        }
    }

    private IoTaskBox<T> Suspend<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        AsyncActor owner = AsyncActor.Current
            ?? throw new InvalidOperationException("A method that returns IoTask can only await in a turn of its actor.");
        var box = (IoTaskBox<T, TStateMachine>?)_box;
        if (box is null)
        {
            box = IoTaskBox<T, TStateMachine>.Rent(owner);
            // The builder inside the copied state machine has to know the box: assign first, copy then.
            _box = box;
        }
        // The first suspension moves the machine into the box, where it stays. If its awaiter refused by an exception and the
        // method caught that, the machine still runs on the stack, and the one in the box is out of date.
        if (!Unsafe.AreSame(ref box.StateMachine, ref stateMachine))
            box.StateMachine = stateMachine;
        box.BeginSuspension(owner);
        return box;
    }
}

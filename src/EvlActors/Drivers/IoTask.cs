using System.Runtime.CompilerServices;

namespace EvlActors.Drivers;

/// <summary>
/// What an asynchronous handler returns. Whatever the handler awaits, also with <c>ConfigureAwait(false)</c>, it resumes in a
/// turn of its own actor. Awaited at most once, on the same actor; an <see cref="IoTask{T}"/> awaited by a handler of the same
/// actor continues it in the same turn. A suspended handler holds no thread and, once warm, suspending allocates nothing.
/// AsyncLocal values do not flow through it.
/// </summary>
/// <remarks>
/// Between an await and the next line other messages may have been handled: test conditions again, in a loop.
/// Handlers return <c>IoTask</c>, an alias of <c>IoTask&lt;SysResult&gt;</c>.
/// </remarks>
/// <typeparam name="T">The result.</typeparam>
[AsyncMethodBuilder(typeof(IoTaskMethodBuilder<>))]
public readonly struct IoTask<T>
{
    private readonly IoTaskBox<T>? _box;
    private readonly T _result;
    private readonly int _use;

    private const int OfParked = -1;

    internal IoTask(T result)
    {
        _box = null;
        _result = result;
        _use = 0;
    }

    private IoTask(int use)
    {
        _box = null;
        _result = default!; // it has none
        _use = use;
    }

    internal IoTask(IoTaskBox<T> box)
    {
        _box = box;
        _result = default!; // the result is taken from the box
        _use = box.Use;
    }

    /// <summary>Whether the handler has ended, so that awaiting it does not suspend.</summary>
    public bool IsCompleted => _box is null || BoxInUse.IsEnded;

    /// <summary>What a handler returns that has <see cref="DeviceWaits.TryPark">parked</see> its call: that ends by itself.</summary>
    internal static IoTask<T> Parked => new(OfParked);

    internal bool IsParked => _box is null && _use == OfParked;

    private IoTaskBox<T> BoxInUse =>
        _box!.Use == _use ? _box : throw new InvalidOperationException("An IoTask is awaited at most once.");

    /// <summary>A handler that has ended with <paramref name="result"/>.</summary>
    /// <param name="result">Its result.</param>
    public static implicit operator IoTask<T>(T result) => new(result);

    /// <summary>Used by <c>await</c>.</summary>
    /// <returns>The awaiter.</returns>
    public Awaiter GetAwaiter() => new(this);

    /// <summary>Takes the result of a handler that never suspended.</summary>
    internal bool TryTakeImmediate(out T result)
    {
        result = _result;
        return _box is null;
    }

    internal T TakeResult() => _box is null ? _result : BoxInUse.TakeResult();

    /// <summary>
    /// Gives up the handler, where it is suspended, with the handlers that it awaits: it never goes on, and what comes for it is
    /// ignored. In a turn of its actor.
    /// </summary>
    internal void Abandon()
    {
        if (_box is not null && _box.Use == _use)
            _box.Abandon();
    }

    internal void OnEnded(Resumption next) => BoxInUse.BeAwaitedBy(next);

    /// <summary>Used by <c>await</c>.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, IActorAwaiter
    {
        private readonly IoTask<T> _task;

        internal Awaiter(IoTask<T> task) => _task = task;

        /// <summary>Used by <c>await</c>.</summary>
        public bool IsCompleted => _task.IsCompleted;

        /// <summary>Used by <c>await</c>.</summary>
        /// <returns>The handler's result.</returns>
        /// <exception cref="InvalidOperationException">The handler has not ended, or its result was taken already.</exception>
        public T GetResult() => _task.TakeResult();

        /// <summary>Refused, as by <see cref="UnsafeOnCompleted"/>.</summary>
        /// <param name="continuation">What awaits.</param>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <summary>
        /// Refused: only a handler of the same actor may await an IoTask. The continuation runs at once, and finds an
        /// <see cref="InvalidOperationException"/> in <see cref="GetResult"/>.
        /// </summary>
        /// <param name="continuation">What awaits.</param>
        public void UnsafeOnCompleted(Action continuation)
        {
            // An exception from here would not reach the await: the runtime throws it on the thread pool and ends the process.
            continuation();
        }

        /// <summary>Keeps the handler until the awaited one has ended.</summary>
        internal void Suspend(Resumption handler) => _task.OnEnded(handler);

        void IActorAwaiter.Suspend(Resumption handler) => Suspend(handler);
    }
}

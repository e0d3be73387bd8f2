using System.Runtime.CompilerServices;

namespace EvlActors.Drivers;

/// <summary>A wait that has begun; awaited at once, in a handler, for its result: 0, or why it was ended.</summary>
public readonly struct Wait
{
    private readonly IoContext _context;

    internal Wait(IoContext context) => _context = context;

    /// <summary>Used by <c>await</c>.</summary>
    /// <returns>The awaiter.</returns>
    public Awaiter GetAwaiter() => new(_context);

    /// <summary>Used by <c>await</c>.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, IActorAwaiter
    {
        private readonly IoContext _context;

        internal Awaiter(IoContext context) => _context = context;

        /// <summary>Used by <c>await</c>.</summary>
        public bool IsCompleted => _context.State == WaitState.Running;

        /// <summary>Used by <c>await</c>.</summary>
        /// <returns>The result of the wait.</returns>
        public SysResult GetResult() => _context.TakeWaitResult();

        /// <summary>Refused: only handlers wait.</summary>
        /// <param name="continuation">Not used.</param>
        /// <exception cref="InvalidOperationException">Always.</exception>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <summary>Refused: only handlers wait.</summary>
        /// <param name="continuation">Not used.</param>
        /// <exception cref="InvalidOperationException">Always.</exception>
        public void UnsafeOnCompleted(Action continuation) =>
            throw new InvalidOperationException("A wait is awaited by methods that return IoTask, in a handler of a device.");

        /// <summary>Keeps the handler until the wait ends.</summary>
        internal void Suspend(Resumption handler) => _context.Waiting = handler;

        void IActorAwaiter.Suspend(Resumption handler) => Suspend(handler);
    }
}

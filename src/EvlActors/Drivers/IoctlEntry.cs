namespace EvlActors.Drivers;

/// <summary>One command of an <see cref="IoctlTable{TTarget}"/>.</summary>
internal abstract class IoctlEntry<TTarget>(IoctlCommand command, Capabilities requires)
{
    internal IoctlCommand Command { get; } = command;

    /// <summary>What has to be in force for the caller.</summary>
    internal Capabilities Requires { get; } = requires;

    /// <summary>Carries it out: the command is known, its memory lies in user space, the caller may.</summary>
    internal abstract IoTask Run(TTarget target, IoCall call);

    // Each stage has its own way to user memory.
    private static IoTask<T?> Get<T>(IoCall call)
        where T : unmanaged => call.IsOob ? call.RawGetUser<T>() : call.UncheckedGetUser<T>();

    private static IoTask Put<T>(IoCall call, T value)
        where T : unmanaged => call.IsOob ? call.RawPutUser(value) : call.UncheckedPutUser(value);

    internal sealed class Handled(IoctlCommand command, Capabilities requires, Func<TTarget, IoCall, IoTask> handler)
        : IoctlEntry<TTarget>(command, requires)
    {
        internal override IoTask Run(TTarget target, IoCall call) => handler(target, call);
    }

    internal sealed class Plain(IoctlCommand command, Capabilities requires, Func<TTarget, IoCall, SysResult> handler)
        : IoctlEntry<TTarget>(command, requires)
    {
        internal override IoTask Run(TTarget target, IoCall call) => handler(target, call);
    }

    internal sealed class Value(IoctlCommand command, Capabilities requires, Func<TTarget, IoCall, long, SysResult> handler)
        : IoctlEntry<TTarget>(command, requires)
    {
        internal override IoTask Run(TTarget target, IoCall call) => handler(target, call, call.Argument);
    }

    internal sealed class Reading<T>(IoctlCommand command, Capabilities requires, Func<TTarget, IoCall, T> handler)
        : IoctlEntry<TTarget>(command, requires)
        where T : unmanaged
    {
        internal override IoTask Run(TTarget target, IoCall call) => Put(call, handler(target, call));
    }

    internal sealed class Writing<T>(IoctlCommand command, Capabilities requires, Func<TTarget, IoCall, T, SysResult> handler)
        : IoctlEntry<TTarget>(command, requires)
        where T : unmanaged
    {
        internal override async IoTask Run(TTarget target, IoCall call) =>
            await Get<T>(call) is { } value ? handler(target, call, value) : Errno.EFAULT;
    }

    internal sealed class Exchanging<T>(IoctlCommand command, Capabilities requires, IoctlExchange<TTarget, T> handler)
        : IoctlEntry<TTarget>(command, requires)
        where T : unmanaged
    {
        internal override async IoTask Run(TTarget target, IoCall call)
        {
            if (await Get<T>(call) is not { } value)
                return Errno.EFAULT;
            SysResult result = handler(target, call, ref value);
            if (result.IsError)
                return result;
            SysResult stored = await Put(call, value);
            return stored.IsError ? stored : result;
        }
    }
}

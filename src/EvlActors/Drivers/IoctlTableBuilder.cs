using System.Runtime.CompilerServices;

namespace EvlActors.Drivers;

/// <summary>
/// Makes an <see cref="IoctlTable{TTarget}"/>: one line per command, its method the macro that the command was made with.
/// A command whose word, direction or size contradicts its line is refused here, not when it is called.
/// </summary>
/// <typeparam name="TTarget">What the commands act on: the driver's type, or that of the part that they belong to.</typeparam>
public sealed class IoctlTableBuilder<TTarget>
{
    private readonly Dictionary<uint, IoctlEntry<TTarget>> _entries = [];

    /// <summary>A command without argument. _IO.</summary>
    /// <param name="command">The command.</param>
    /// <param name="handler">Carries it out; does not sleep.</param>
    /// <param name="requires">The capability that the caller needs; none by default.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">There is such a command already, or it is no _IO.</exception>
    public IoctlTableBuilder<TTarget> Io(
        IoctlCommand command, Func<TTarget, IoCall, SysResult> handler, Capabilities requires = Capabilities.None)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new IoctlEntry<TTarget>.Plain(command, requires, handler), IoctlDirection.None, 0);
    }

    /// <summary>A command whose argument is a value, not a pointer. _IO.</summary>
    /// <param name="command">The command.</param>
    /// <param name="handler">Carries it out with the value; does not sleep.</param>
    /// <param name="requires">The capability that the caller needs; none by default.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">There is such a command already, or it is no _IO.</exception>
    public IoctlTableBuilder<TTarget> Io(
        IoctlCommand command, Func<TTarget, IoCall, long, SysResult> handler, Capabilities requires = Capabilities.None)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new IoctlEntry<TTarget>.Value(command, requires, handler), IoctlDirection.None, 0);
    }

    /// <summary>A command by which the application reads a value. _IOR.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="handler">Gives the value; does not sleep.</param>
    /// <param name="requires">The capability that the caller needs; none by default.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">There is such a command already, or it is no _IOR of this size.</exception>
    public IoctlTableBuilder<TTarget> Ior<T>(
        IoctlCommand command, Func<TTarget, IoCall, T> handler, Capabilities requires = Capabilities.None)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new IoctlEntry<TTarget>.Reading<T>(command, requires, handler), IoctlDirection.Read, Unsafe.SizeOf<T>());
    }

    /// <summary>A command by which the application writes a value. _IOW.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="handler">Carries it out with the value; does not sleep.</param>
    /// <param name="requires">The capability that the caller needs; none by default.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">There is such a command already, or it is no _IOW of this size.</exception>
    public IoctlTableBuilder<TTarget> Iow<T>(
        IoctlCommand command, Func<TTarget, IoCall, T, SysResult> handler, Capabilities requires = Capabilities.None)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new IoctlEntry<TTarget>.Writing<T>(command, requires, handler), IoctlDirection.Write, Unsafe.SizeOf<T>());
    }

    /// <summary>A command by which the application writes a value and reads another. _IOWR.</summary>
    /// <typeparam name="T">The values.</typeparam>
    /// <param name="command">The command.</param>
    /// <param name="handler">Carries it out, replacing the value; does not sleep.</param>
    /// <param name="requires">The capability that the caller needs; none by default.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">There is such a command already, or it is no _IOWR of this size.</exception>
    public IoctlTableBuilder<TTarget> Iowr<T>(
        IoctlCommand command, IoctlExchange<TTarget, T> handler, Capabilities requires = Capabilities.None)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new IoctlEntry<TTarget>.Exchanging<T>(command, requires, handler), IoctlDirection.ReadWrite, Unsafe.SizeOf<T>());
    }

    /// <summary>A command of any kind whose handler may sleep, or accesses user memory by itself.</summary>
    /// <param name="command">The command.</param>
    /// <param name="handler">Carries it out.</param>
    /// <param name="requires">The capability that the caller needs; none by default.</param>
    /// <returns>This.</returns>
    /// <exception cref="ArgumentException">There is such a command already.</exception>
    public IoctlTableBuilder<TTarget> Handler(
        IoctlCommand command, Func<TTarget, IoCall, IoTask> handler, Capabilities requires = Capabilities.None)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Add(new IoctlEntry<TTarget>.Handled(command, requires, handler), command.Direction, command.Size);
    }

    /// <summary>The table of the commands so far.</summary>
    /// <returns>The table.</returns>
    public IoctlTable<TTarget> Build() => new(_entries.Values);

    private IoctlTableBuilder<TTarget> Add(IoctlEntry<TTarget> entry, IoctlDirection direction, int size)
    {
        IoctlCommand command = entry.Command;
        if (command.Direction != direction || command.Size != size)
        {
            throw new ArgumentException(
                $"{command} does not fit its line, which is {IoctlCommand.Encode(direction, command.Type, (byte)command.Nr, size)}: use the method of the macro that made it, with its type.");
        }
        if (!_entries.TryAdd(command.Value, entry))
            throw new ArgumentException($"{command} is in the table already: give each command a number of its own.");
        return this;
    }
}

using System.Runtime.CompilerServices;

namespace EvlActors;

/// <summary>
/// The command word of an ioctl: direction (2 bits), size of the argument memory (14), type, also called magic (8), and number
/// (8). Counterpart of <c>_IO</c>, <c>_IOR</c>, <c>_IOW</c> and <c>_IOWR</c> (asm-generic/ioctl.h). Converts to the
/// <see cref="uint"/> that <see cref="UserThread.IoctlAsync(int, uint, UserBuffer, CancellationToken)"/> and handlers take.
/// </summary>
/// <param name="Value">The word.</param>
public readonly record struct IoctlCommand(uint Value)
{
    /// <summary>The largest size that a command can name, in bytes.</summary>
    public const int MaxSize = (1 << SizeBits) - 1;

    private const int TypeShift = 8;
    private const int SizeShift = 16;
    private const int SizeBits = 14;
    private const int DirectionShift = 30;

    /// <summary>_IOC_DIR: which way the argument memory is copied.</summary>
    public IoctlDirection Direction => (IoctlDirection)(Value >> DirectionShift);

    /// <summary>_IOC_TYPE: whose command it is.</summary>
    public char Type => (char)(byte)(Value >> TypeShift);

    /// <summary>_IOC_NR: its number among the commands of the type.</summary>
    public int Nr => (byte)Value;

    /// <summary>_IOC_SIZE: the size of the argument memory, in bytes.</summary>
    public int Size => (int)(Value >> SizeShift) & MaxSize;

    /// <summary>A command without argument memory. <c>_IO</c>.</summary>
    /// <param name="type">The type, 0 to 255.</param>
    /// <param name="nr">The number.</param>
    /// <returns>The command.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type is above 255.</exception>
    public static IoctlCommand Io(char type, byte nr) => Encode(IoctlDirection.None, type, nr, 0);

    /// <summary>A command by which the application reads. <c>_IOR</c>.</summary>
    /// <typeparam name="T">What it reads.</typeparam>
    /// <param name="type">The type, 0 to 255.</param>
    /// <param name="nr">The number.</param>
    /// <returns>The command.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type is above 255, or <typeparamref name="T"/> larger than <see cref="MaxSize"/>.</exception>
    public static IoctlCommand Ior<T>(char type, byte nr)
        where T : unmanaged => Encode(IoctlDirection.Read, type, nr, Unsafe.SizeOf<T>());

    /// <summary>A command by which the application writes. <c>_IOW</c>.</summary>
    /// <typeparam name="T">What it writes.</typeparam>
    /// <param name="type">The type, 0 to 255.</param>
    /// <param name="nr">The number.</param>
    /// <returns>The command.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type is above 255, or <typeparamref name="T"/> larger than <see cref="MaxSize"/>.</exception>
    public static IoctlCommand Iow<T>(char type, byte nr)
        where T : unmanaged => Encode(IoctlDirection.Write, type, nr, Unsafe.SizeOf<T>());

    /// <summary>A command by which the application writes and reads. <c>_IOWR</c>.</summary>
    /// <typeparam name="T">What it writes and reads.</typeparam>
    /// <param name="type">The type, 0 to 255.</param>
    /// <param name="nr">The number.</param>
    /// <returns>The command.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The type is above 255, or <typeparamref name="T"/> larger than <see cref="MaxSize"/>.</exception>
    public static IoctlCommand Iowr<T>(char type, byte nr)
        where T : unmanaged => Encode(IoctlDirection.ReadWrite, type, nr, Unsafe.SizeOf<T>());

    /// <summary>A command of its four fields. <c>_IOC</c>.</summary>
    /// <param name="direction">Which way the argument memory is copied.</param>
    /// <param name="type">The type, 0 to 255.</param>
    /// <param name="nr">The number.</param>
    /// <param name="size">The size of the argument memory, in bytes, 0 to <see cref="MaxSize"/>.</param>
    /// <returns>The command.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A field does not fit its bits; the message says what to do.</exception>
    public static IoctlCommand Encode(IoctlDirection direction, char type, byte nr, int size)
    {
        if (direction is < IoctlDirection.None or > IoctlDirection.ReadWrite)
            throw new ArgumentOutOfRangeException(nameof(direction), direction, "A command has two bits for its direction.");
        if (type > byte.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(type), type, "A command has 8 bits for its type: choose a character up to 255.");
        if (size is < 0 or > MaxSize)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size,
                $"A command has 14 bits for the size of its argument, {MaxSize} bytes at most: split the argument into several commands, or transfer it by read and write.");
        }
        return new IoctlCommand((uint)direction << DirectionShift | (uint)size << SizeShift | (uint)type << TypeShift | nr);
    }

    /// <summary>The word.</summary>
    /// <param name="command">The command.</param>
    public static implicit operator uint(IoctlCommand command) => command.Value;

    /// <summary>The word.</summary>
    /// <returns>The word, as <c>_IOC</c> makes it.</returns>
    public uint ToUInt32() => Value;

    /// <summary>The fields, for messages.</summary>
    /// <returns>For example "_IOW('k', 1, 4) = 0x40046b01".</returns>
    public override string ToString()
    {
        string letters = Direction switch
        {
            IoctlDirection.None => "",
            IoctlDirection.Write => "W",
            IoctlDirection.Read => "R",
            _ => "WR",
        };
        string type = Type is > ' ' and < '\x7f' ? $"'{Type}'" : $"0x{(int)Type:x2}";
        return Direction == IoctlDirection.None && Size == 0
            ? $"_IO({type}, {Nr}) = 0x{Value:x8}"
            : $"_IO{letters}({type}, {Nr}, {Size}) = 0x{Value:x8}";
    }
}

using System.Buffers.Binary;

namespace EvlActors;

/// <summary>How a process ended, as wait(2) tells it.</summary>
/// <param name="Value">The status word of Linux.</param>
public readonly record struct WaitStatus(int Value)
{
    /// <summary>The size of the status word, in bytes.</summary>
    public const int Bytes = 4;

    /// <summary>WIFEXITED: whether it exited by itself.</summary>
    public bool IsExited => (Value & 0x7f) == 0;

    /// <summary>WEXITSTATUS: what it said, 0 to 255.</summary>
    public int ExitStatus => Value >> 8 & 0xff;

    /// <summary>WIFSIGNALED: whether a signal ended it.</summary>
    public bool IsSignaled => !IsExited;

    /// <summary>WTERMSIG: the number of that signal.</summary>
    public int Signal => Value & 0x7f;

    /// <summary>It exited by itself.</summary>
    /// <param name="status">What it says; the low 8 bits count.</param>
    /// <returns>The status.</returns>
    public static WaitStatus Exited(int status) => new((status & 0xff) << 8);

    /// <summary>A signal ended it.</summary>
    /// <param name="signal">The number, 1 to 64.</param>
    /// <returns>The status.</returns>
    public static WaitStatus Signaled(int signal) => new(signal & 0x7f);

    /// <summary>Reads what wait4(2) has written.</summary>
    /// <param name="memory">At least <see cref="Bytes"/> bytes.</param>
    /// <returns>The status.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The memory is too short.</exception>
    public static WaitStatus ReadFrom(ReadOnlySpan<byte> memory) => new(BinaryPrimitives.ReadInt32LittleEndian(memory));
}

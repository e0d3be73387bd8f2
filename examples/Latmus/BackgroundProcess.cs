using System.Collections;
using System.Runtime.InteropServices;

namespace Latmus;

/// <summary>
/// Starts the program again in the background (-b): in a session of its own, so that no terminal ends it, with its standard
/// streams on /dev/null from its first instruction on. Linux.
/// </summary>
internal static partial class BackgroundProcess
{
    // How the second process knows that it is the one in the background: its arguments are those of the first.
    private const string Mark = "LATMUS_DETACHED";
    private const string Nothing = "/dev/null";
    private const short SpawnInNewSession = 0x80;
    private const int ReadWrite = 2;

    // The C library's structures are opaque, and smaller than this in every one of them.
    private const int StructureBytes = 1024;

    /// <summary>Whether this process is the one in the background.</summary>
    public static bool IsThis => Environment.GetEnvironmentVariable(Mark) is not null;

    /// <summary>Starts the program in the background.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>The pid.</returns>
    /// <exception cref="PlatformNotSupportedException">The system has no means for it.</exception>
    /// <exception cref="InvalidOperationException">The system refuses it.</exception>
    public static unsafe int Start(IReadOnlyList<string> arguments)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("running in the background needs Linux");
        string?[] command = [.. Command(), .. arguments, null];
        string?[] environment = [.. Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(v => $"{v.Key}={v.Value}"), $"{Mark}=1", null];
        byte* actions = stackalloc byte[StructureBytes];
        byte* attributes = stackalloc byte[StructureBytes];
        Check(InitActions(actions));
        Check(InitAttributes(attributes));
        try
        {
            for (int fd = 0; fd < 3; fd++)
                Check(AddOpen(actions, fd, Nothing, ReadWrite, 0));
            Check(SetFlags(attributes, SpawnInNewSession));
            Check(Spawn(out int pid, command[0]!, actions, attributes, command, environment)); // it begins with the program
            return pid;
        }
        finally
        {
            _ = DestroyAttributes(attributes);
            _ = DestroyActions(actions);
        }
    }

    // Run by the dotnet command, the program is that command with the assembly before the arguments.
    private static IEnumerable<string> Command()
    {
        string host = Environment.ProcessPath ?? throw new InvalidOperationException("the program's own path is not known");
        bool isDotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isDotnet ? [host, typeof(BackgroundProcess).Assembly.Location] : [host];
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new InvalidOperationException($"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})");
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Spawn(
        out int pid, string path, byte* actions, byte* attributes, string?[] arguments, string?[] environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static unsafe partial int InitActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int AddOpen(byte* actions, int fd, string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static unsafe partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static unsafe partial int InitAttributes(byte* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static unsafe partial int SetFlags(byte* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static unsafe partial int DestroyAttributes(byte* attributes);
}

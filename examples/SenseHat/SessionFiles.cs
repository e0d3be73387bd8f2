using EvlActors;

namespace SenseHat;

/// <summary>The open files of a session, by the names that its lines give them, and its mapping.</summary>
internal sealed class SessionFiles
{
    private readonly Dictionary<string, int> _descriptors = [];

    /// <summary>The last mapping; null: none yet.</summary>
    public EvlMapping? Mapping { get; set; }

    /// <summary>The descriptor of a file that a word names.</summary>
    /// <exception cref="SessionException">None was opened by this name.</exception>
    public int Fd(SessionLine line, int index) =>
        _descriptors.TryGetValue(line.Word(index), out int fd) ? fd : throw line.Wrong($"no file '{line.Word(index)}' was opened");

    /// <summary>Gives a descriptor a name.</summary>
    /// <returns>The name, for the output.</returns>
    public string Opened(string name, SysResult fd)
    {
        _descriptors[name] = (int)fd.Value;
        return name;
    }
}

namespace EvlActors.TestKit;

/// <summary>
/// What happened in a simulation, line by line: every turn with its actor and message, and every event of the machine. The same
/// seed gives the same lines. Of one simulation at a time.
/// </summary>
public sealed class EventLog
{
    private readonly List<string> _lines = [];

    /// <summary>The lines so far.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>All lines as one text.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => string.Join('\n', _lines);

    internal void Turn(long turn, long nowNs, string actor, string message) => _lines.Add($"{turn} {nowNs} {actor} < {message}");

    internal void Ended(Exception? failure) => _lines.Add(failure is null ? "ended" : $"failed: {failure.Message}");

    internal void Happened(in MachineEvent e) => _lines.Add(
        $"  {e.Sequence} {e.Kind} pid {e.Pid} tid {e.Tid} call {e.Call} {e.Nr} fd {e.Fd} file {e.File} count {e.Count} {e.Result} {e.Detail}");
}

using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>No entry of the out-of-band index refers to a file whose release has begun.</summary>
internal sealed class IndexInvariant(EvlMachine machine) : IInvariant
{
    // By id: those are dense.
    private bool[] _released = new bool[16];
    private int _lastPid;

    public string Name => "index";

    public string? Happened(in MachineEvent happened)
    {
        _lastPid = Math.Max(_lastPid, happened.Kind == MachineEventKind.ProcessForked ? (int)happened.Count : happened.Pid);
        if (happened.Kind == MachineEventKind.ReleaseBegun)
        {
            if (happened.File >= _released.Length)
                Array.Resize(ref _released, (int)Math.Max(happened.File + 1, 2L * _released.Length));
            _released[happened.File] = true;
            return StaleEntry();
        }
        // What changes the index has done so when its call is answered.
        return happened.Kind == MachineEventKind.CallAnswered && happened.Nr is SyscallNumber.Dup2 or SyscallNumber.Dup3 ? StaleEntry() : null;
    }

    public string? Ended() => null;

    private string? StaleEntry()
    {
        for (int pid = 1; pid <= _lastPid; pid++)
        {
            if (machine.GetProcess(pid)?.Info.Files is not { } files)
                continue;
            for (int fd = 0; fd < files.OobIndex.Length; fd++)
            {
                if (files.OobIndex[fd] is { } file && file.Id < _released.Length && _released[file.Id])
                    return $"descriptor {fd} of process {pid} refers to file {file.Id}, which is released";
            }
        }
        return null;
    }
}

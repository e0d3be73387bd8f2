namespace EvlActors.TestKit;

/// <summary>
/// Both counts of a file go by one and never below zero; it is released once, when no in-band reference is left; and no release
/// gets past ReleaseOob while out-of-band references are left.
/// </summary>
internal sealed class ReferenceInvariant : IInvariant
{
    // By id: those are dense.
    private FileReferences[] _files = new FileReferences[8];

    public string Name => "references";

    public string? Happened(in MachineEvent happened)
    {
        if (happened.File == 0)
            return null;
        if (happened.File >= _files.Length)
            Array.Resize(ref _files, (int)Math.Max(happened.File + 1, 2L * _files.Length));
        string? what = Check(ref _files[happened.File], happened);
        return what is null ? null : $"file {happened.File} {what}";
    }

    public string? Ended() => null;

    private static string? Check(ref FileReferences file, in MachineEvent happened)
    {
        switch (happened.Kind)
        {
            case MachineEventKind.InBandReferenceTaken:
                return file.IsReleasing ? "is taken in-band while it is released" : Count(ref file.InBand, +1, happened.Count, "in-band");
            case MachineEventKind.InBandReferencePut:
                return Count(ref file.InBand, -1, happened.Count, "in-band");
            case MachineEventKind.OobReferenceTaken:
                return file.HasReleasedOob || file.IsReleased ? "is taken out-of-band after ReleaseOob" : Count(ref file.Oob, +1, happened.Count, "oob");
            case MachineEventKind.OobReferencePut:
                return Count(ref file.Oob, -1, happened.Count, "oob");
            case MachineEventKind.ReleaseBegun:
                string? early = file.IsReleasing ? "is released twice" : file.InBand > 0 ? $"is released with {file.InBand} in-band references left" : null;
                file.IsReleasing = true;
                return early;
            case MachineEventKind.ReleaseOobDone:
                file.HasReleasedOob = true;
                return file.Oob > 0 ? $"gets past ReleaseOob with {file.Oob} oob references left" : null;
            case MachineEventKind.DriverWarning when file.IsReleasing && !file.IsReleased:
                return $"is dismantled with {happened.Count} oob references left: await ReleaseOob first";
            case MachineEventKind.ReleaseDone:
                file.IsReleased = true;
                return file.Oob > 0 ? $"is gone with {file.Oob} oob references left" : null;
            default:
                return null;
        }
    }

    private static string? Count(ref long count, int change, long said, string which)
    {
        count += change;
        if (count < 0)
            return $"has {count} {which} references";
        return count == said ? null : $"says {said} {which} references where there are {count}";
    }
}

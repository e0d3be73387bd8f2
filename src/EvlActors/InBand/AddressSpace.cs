using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>
/// What a process has mapped: areas in ascending order, each with an in-band reference on its file. Counterpart of
/// <c>struct mm_struct</c>. Owned by the in-band stage.
/// </summary>
internal sealed class AddressSpace(MachineContext context)
{
    private const long FirstAddress = 0x7f00_0000_0000;
    private const long PageMask = EvlMapping.PageBytes - 1;

    private readonly List<MappedArea> _areas = [];

    // Addresses are not used again: what was unmapped never shows something else.
    private long _nextAddress = FirstAddress;

    /// <summary>The file's side of an mmap is back; if it succeeded, with a reference that is the new area's.</summary>
    internal void Mapped(Call call)
    {
        if (call.Result.IsError)
        {
            call.Return(call.Result);
            return;
        }
        var mapping = (EvlMapping)call.Object!; // an mmap brings the mapping that it fills
        long length = (mapping.Length + PageMask) & ~PageMask;
        var area = new MappedArea(_nextAddress, _nextAddress + length, call.File!, mapping); // the file that has answered
        _nextAddress = area.End + EvlMapping.PageBytes;
        _areas.Add(area);
        mapping.Begin(area.Start);
        call.Return(area.Start);
    }

    /// <summary>munmap: Argument is the address, Argument2 the length.</summary>
    internal void Unmap(Call call)
    {
        long length = call.Argument2;
        if ((call.Argument & PageMask) != 0 || length <= 0 || call.Argument < 0 || length > long.MaxValue - call.Argument - PageMask)
        {
            call.Return(Errno.EINVAL);
            return;
        }
        call.Argument2 = call.Argument + ((length + PageMask) & ~PageMask);
        UnmapNext(call);
    }

    /// <summary>Unmaps everything; the process exits.</summary>
    internal void UnmapAll(Call call)
    {
        call.Argument = 0;
        call.Argument2 = long.MaxValue;
        UnmapNext(call);
    }

    /// <summary>
    /// Gives a forked child the same areas. All takes go out in this turn, each with a call of its own, so whatever the parent
    /// unmaps later is behind them.
    /// </summary>
    internal void CopyTo(AddressSpace child, ProcessInfo process)
    {
        child._nextAddress = _nextAddress;
        foreach (MappedArea area in _areas)
        {
            child._areas.Add(area);
            area.Mapping.CountParts(1);
            Call call = context.NewStageCall(process, SyscallNumber.Fork);
            call.File = area.File;
            call.Object = area.Mapping;
            call.Push(context.InBandStage, CallStep.InBandForkMapped);
            call.PassTo(area.File.Actor, CallStep.FileMapped, Rank.InBand);
        }
    }

    /// <summary>
    /// Goes on from Argument to Argument2: the call rides to the file of each part that is gone or was split, and comes back here.
    /// </summary>
    internal void UnmapNext(Call call)
    {
        for (int i = 0; i < _areas.Count; i++)
        {
            MappedArea area = _areas[i];
            long start = Math.Max(area.Start, call.Argument);
            long end = Math.Min(area.End, call.Argument2);
            if (start >= end)
                continue;
            if (start == area.Start && end == area.End)
            {
                _areas.RemoveAt(i);
                area.Mapping.CountParts(-1);
                Tell(call, area, CallStep.FileUnmapped);
                return;
            }
            if (start > area.Start && end < area.End)
            {
                // Two parts are left, each with a reference of its own.
                _areas[i] = area with { End = start };
                _areas.Insert(i + 1, area with { Start = end });
                area.Mapping.CountParts(1);
                Tell(call, area, CallStep.FileMapped);
                return;
            }
            _areas[i] = start == area.Start ? area with { Start = end } : area with { End = start };
        }
        call.Return(0);
    }

    private void Tell(Call call, MappedArea area, CallStep what)
    {
        call.File = area.File;
        call.Object = area.Mapping;
        call.Push(context.InBandStage, CallStep.InBandUnmapped);
        call.PassTo(area.File.Actor, what, Rank.InBand);
    }
}

using EvlActors.Calls;

namespace EvlActors.InBand;

/// <summary>A part of a mapping that is still mapped; holds one in-band reference on the file. Counterpart of <c>struct vm_area_struct</c>.</summary>
/// <param name="Start">The first address.</param>
/// <param name="End">The address behind the last.</param>
/// <param name="File">The file.</param>
/// <param name="Mapping">The mapping that it is a part of.</param>
internal readonly record struct MappedArea(long Start, long End, OpenFileRef File, EvlMapping Mapping);

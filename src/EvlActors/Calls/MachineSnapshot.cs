using System.Globalization;
using System.Text;

namespace EvlActors;

/// <summary>
/// What a machine was made of at one time: processes with threads and descriptors, open files with both reference counts,
/// devices with kernel threads and rings. Immutable; its text is meant to be read.
/// </summary>
/// <remarks>
/// Each part is what one actor said of itself in one turn, so no part is torn. Everything whose call had been answered before
/// the snapshot was asked for is in it. No descriptor is there without its file, whose count includes it unless it was closed
/// meanwhile. Beyond that the parts are of different moments, all between the question and the answer: in a machine that is
/// at rest they agree, in one that works a count may be ahead of, or behind, the descriptors that make it up.
/// </remarks>
public sealed record MachineSnapshot
{
    internal MachineSnapshot(long timeNs, IReadOnlyCollection<object> lines)
    {
        TimeNs = timeNs;
        ILookup<int, ThreadSnapshot> threads = lines.OfType<ThreadSnapshot>().OrderBy(thread => thread.Tid).ToLookup(thread => thread.Pid);
        ILookup<int, DescriptorSnapshot> descriptors = lines.OfType<TableLine>().DistinctBy(table => table.Id)
            .SelectMany(table => table.Descriptors, (table, descriptor) => (table.Id, descriptor))
            .ToLookup(line => line.Id, line => line.descriptor);
        Processes =
        [
            .. lines.OfType<ProcessLine>().OrderBy(line => line.Pid).Select(line => new ProcessSnapshot(
                line.Pid, line.ParentPid, line.HasEnded, [.. threads[line.Pid]], line.HasEnded ? [] : [.. descriptors[line.TableId]])),
        ];
        // A file is asked once for each descriptor: what it said last is the latest.
        OpenFiles = [.. lines.OfType<OpenFileSnapshot>().Reverse().DistinctBy(file => file.Id).OrderBy(file => file.Id)];
        Devices = [.. lines.OfType<DeviceSnapshot>().OrderBy(device => device.Name, StringComparer.Ordinal)];
    }

    /// <summary>When it was asked for, in nanoseconds of the machine's monotonic clock.</summary>
    public long TimeNs { get; }

    /// <summary>The processes by pid, those included that have ended and were not waited for.</summary>
    public IReadOnlyList<ProcessSnapshot> Processes { get; }

    /// <summary>The open file descriptions by id, those included that are being released.</summary>
    public IReadOnlyList<OpenFileSnapshot> OpenFiles { get; }

    /// <summary>The devices by name: those behind nodes that were opened, and those without node.</summary>
    public IReadOnlyList<DeviceSnapshot> Devices { get; }

    /// <summary>The threads that sleep in a call, by pid and tid.</summary>
    public IEnumerable<ThreadSnapshot> Sleepers => Processes.SelectMany(process => process.Threads).Where(thread => thread.IsAsleep);

    /// <summary>The snapshot as text, a line for each part.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var text = new StringBuilder();
        int threads = Processes.Sum(process => process.Threads.Count);
        text.Append(CultureInfo.InvariantCulture,
            $"machine at {TimeNs / 1e9:F6} s: {Processes.Count} processes, {threads} threads ({Sleepers.Count()} asleep), {OpenFiles.Count} open files, {Devices.Count} devices\n");
        foreach (ProcessSnapshot process in Processes)
        {
            Line(0, process);
            foreach (ThreadSnapshot thread in process.Threads)
                Line(1, thread);
            foreach (DescriptorSnapshot descriptor in process.Descriptors)
                Line(1, $"{descriptor}, {OpenFiles.FirstOrDefault(file => file.Id == descriptor.File)?.Device}");
        }
        foreach (OpenFileSnapshot file in OpenFiles)
            Line(0, file);
        foreach (DeviceSnapshot device in Devices)
        {
            Line(0, device);
            foreach (KernelThreadSnapshot thread in device.KernelThreads)
                Line(1, thread);
            foreach (RingSnapshot ring in device.Rings)
                Line(1, ring);
        }
        return text.ToString();

        void Line(int depth, object part) => text.Append(' ', 2 * depth).Append(part).Append('\n');
    }

    /// <summary>What the in-band stage says of a process; its threads and its table speak for themselves.</summary>
    internal sealed record ProcessLine(int Pid, int ParentPid, bool HasEnded, int TableId);

    /// <summary>What a table says of its descriptors.</summary>
    internal sealed record TableLine(int Id, IReadOnlyList<DescriptorSnapshot> Descriptors);
}

using System.Collections.Frozen;

namespace EvlActors.Drivers;

/// <summary>
/// The ioctl commands of a driver, made once by an <see cref="IoctlTableBuilder{TTarget}"/> and kept in a static field; what a
/// driver's <see cref="CharDevice.Ioctl"/>, <see cref="CharDevice.OobIoctl"/> and their compat forms return is what
/// <see cref="Run"/> says. Immutable; looking a command up allocates nothing.
/// </summary>
/// <typeparam name="TTarget">What the commands act on: the driver's type, or that of the part that they belong to.</typeparam>
public sealed class IoctlTable<TTarget>
{
    private readonly FrozenDictionary<uint, IoctlEntry<TTarget>> _entries;

    internal IoctlTable(IEnumerable<IoctlEntry<TTarget>> entries) =>
        _entries = entries.ToFrozenDictionary(entry => entry.Command.Value);

    /// <summary>The commands, in no order.</summary>
    public IEnumerable<IoctlCommand> Commands => _entries.Values.Select(entry => entry.Command);

    /// <summary>
    /// Carries the command of a call out. In this order: the whole word is looked up, size and direction included; memory that the
    /// command names has to lie in user space; the capability it needs has to be in force now; then its handler runs, and an
    /// access to memory that is not mapped faults.
    /// </summary>
    /// <param name="target">What the command acts on.</param>
    /// <param name="call">An ioctl or oob_ioctl; out-of-band, user memory is accessed by raw copies.</param>
    /// <returns>ENOIOCTLCMD if the table does not have the command: another table may be asked, and the application gets ENOTTY;
    /// EFAULT; EPERM; else what its handler says.</returns>
    public IoTask Run(TTarget target, IoCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!_entries.TryGetValue(call.Command, out IoctlEntry<TTarget>? entry))
            return SysResult.Error(Errno.ENOIOCTLCMD);
        if (entry.Command.Direction != IoctlDirection.None && !call.AccessOk(entry.Command.Size))
            return SysResult.Error(Errno.EFAULT);
        return call.Capable(entry.Requires) ? entry.Run(target, call) : SysResult.Error(Errno.EPERM);
    }
}

using EvlActors;
using EvlActors.Drivers;

namespace Scull;

/// <summary>
/// The module's parameters, one set for all its devices, and the commands that read and change them. A device takes what it finds
/// when it next begins with nothing: a change does not touch what is stored.
/// </summary>
internal sealed class ScullParameters
{
    public const int DefaultQuantum = 4000;
    public const int DefaultQset = 1000;
    public const int DefaultPipeSize = 4000;

    public static readonly IoctlTable<ScullParameters> Commands = new IoctlTableBuilder<ScullParameters>()
        .Io(ScullIoctl.Reset, (scull, _) => scull.Reset())
        .Iow<int>(ScullIoctl.SetQuantum, (scull, _, value) => Set(ref scull._quantum, value), requires: Capabilities.SysAdmin)
        .Iow<int>(ScullIoctl.SetQset, (scull, _, value) => Set(ref scull._qset, value), requires: Capabilities.SysAdmin)
        .Io(ScullIoctl.TellQuantum, (scull, _, value) => Set(ref scull._quantum, value), requires: Capabilities.SysAdmin)
        .Io(ScullIoctl.TellQset, (scull, _, value) => Set(ref scull._qset, value), requires: Capabilities.SysAdmin)
        .Ior<int>(ScullIoctl.GetQuantum, (scull, _) => scull.Quantum)
        .Ior<int>(ScullIoctl.GetQset, (scull, _) => scull.Qset)
        .Io(ScullIoctl.QueryQuantum, (scull, _) => scull.Quantum)
        .Io(ScullIoctl.QueryQset, (scull, _) => scull.Qset)
        .Iowr<int>(ScullIoctl.ExchangeQuantum, (scull, _, ref value) => Exchange(ref scull._quantum, ref value), requires: Capabilities.SysAdmin)
        .Iowr<int>(ScullIoctl.ExchangeQset, (scull, _, ref value) => Exchange(ref scull._qset, ref value), requires: Capabilities.SysAdmin)
        .Io(ScullIoctl.ShiftQuantum, (scull, _, value) => Shift(ref scull._quantum, value), requires: Capabilities.SysAdmin)
        .Io(ScullIoctl.ShiftQset, (scull, _, value) => Shift(ref scull._qset, value), requires: Capabilities.SysAdmin)
        .Io(ScullIoctl.TellPipeSize, (scull, _, value) => Set(ref scull._pipeSize, value, least: 2))
        .Io(ScullIoctl.QueryPipeSize, (scull, _) => scull.PipeSize)
        .Build();

    // Devices of several lanes share them: each command is one atomic access.
    private int _quantum = DefaultQuantum;
    private int _qset = DefaultQset;
    private int _pipeSize = DefaultPipeSize;

    /// <summary>The bytes of one quantum.</summary>
    public int Quantum => Volatile.Read(ref _quantum);

    /// <summary>The quanta of one set.</summary>
    public int Qset => Volatile.Read(ref _qset);

    /// <summary>The bytes of a pipe's ring, of which one stays free.</summary>
    public int PipeSize => Volatile.Read(ref _pipeSize);

    private SysResult Reset()
    {
        Volatile.Write(ref _quantum, DefaultQuantum);
        Volatile.Write(ref _qset, DefaultQset);
        return 0;
    }

    private static SysResult Set(ref int parameter, long value, int least = 1)
    {
        SysResult old = Shift(ref parameter, value, least);
        return old.IsError ? old : 0;
    }

    private static SysResult Shift(ref int parameter, long value, int least = 1) =>
        value < least || value > int.MaxValue ? Errno.EINVAL : Interlocked.Exchange(ref parameter, (int)value);

    private static SysResult Exchange(ref int parameter, ref int value)
    {
        SysResult old = Shift(ref parameter, value);
        if (old.IsError)
            return old;
        value = (int)old.Value;
        return 0;
    }
}

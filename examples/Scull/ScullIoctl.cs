using EvlActors;

namespace Scull;

/// <summary>The commands of all scull devices, type 'k'. Set and Get go through a pointer, Tell and Query by value; eXchange is
/// Get and Set in one, sHift Query and Tell.</summary>
internal static class ScullIoctl
{
    public static readonly IoctlCommand Reset = IoctlCommand.Io('k', 0);
    public static readonly IoctlCommand SetQuantum = IoctlCommand.Iow<int>('k', 1);
    public static readonly IoctlCommand SetQset = IoctlCommand.Iow<int>('k', 2);
    public static readonly IoctlCommand TellQuantum = IoctlCommand.Io('k', 3);
    public static readonly IoctlCommand TellQset = IoctlCommand.Io('k', 4);
    public static readonly IoctlCommand GetQuantum = IoctlCommand.Ior<int>('k', 5);
    public static readonly IoctlCommand GetQset = IoctlCommand.Ior<int>('k', 6);
    public static readonly IoctlCommand QueryQuantum = IoctlCommand.Io('k', 7);
    public static readonly IoctlCommand QueryQset = IoctlCommand.Io('k', 8);
    public static readonly IoctlCommand ExchangeQuantum = IoctlCommand.Iowr<int>('k', 9);
    public static readonly IoctlCommand ExchangeQset = IoctlCommand.Iowr<int>('k', 10);
    public static readonly IoctlCommand ShiftQuantum = IoctlCommand.Io('k', 11);
    public static readonly IoctlCommand ShiftQset = IoctlCommand.Io('k', 12);
    public static readonly IoctlCommand TellPipeSize = IoctlCommand.Io('k', 13);
    public static readonly IoctlCommand QueryPipeSize = IoctlCommand.Io('k', 14);
}

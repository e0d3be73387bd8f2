namespace EvlActors;

/// <summary>The ioctl commands that the VFS treats before the driver, with the values of Linux. In-band ioctl only.</summary>
public static class VfsIoctl
{
    /// <summary>FIONBIO: sets or clears O_NONBLOCK by an int that the argument points to; EFAULT.</summary>
    public const uint Fionbio = 0x5421;

    /// <summary>FIONCLEX: clears FD_CLOEXEC.</summary>
    public const uint Fionclex = 0x5450;

    /// <summary>FIOCLEX: sets FD_CLOEXEC.</summary>
    public const uint Fioclex = 0x5451;

    /// <summary>FIOASYNC: sets or clears FASYNC by an int that the argument points to, through the driver's fasync; EFAULT;
    /// ENOTTY if the bit would change and the driver has none.</summary>
    public const uint Fioasync = 0x5452;

    /// <summary>FIOQSIZE: ENOTTY on a device.</summary>
    public const uint Fioqsize = 0x5460;
}

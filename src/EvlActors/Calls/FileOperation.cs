namespace EvlActors;

/// <summary>The operations of a driver. Counterpart of the members of <c>struct file_operations</c>, EVL's among them.</summary>
public enum FileOperation
{
    /// <summary>open.</summary>
    Open,
    /// <summary>flush: each close of a descriptor.</summary>
    Flush,
    /// <summary>release: the last in-band reference is gone.</summary>
    Release,
    /// <summary>read.</summary>
    Read,
    /// <summary>write.</summary>
    Write,
    /// <summary>unlocked_ioctl.</summary>
    Ioctl,
    /// <summary>compat_ioctl.</summary>
    CompatIoctl,
    /// <summary>poll.</summary>
    Poll,
    /// <summary>fasync.</summary>
    Fasync,
    /// <summary>llseek.</summary>
    Llseek,
    /// <summary>mmap.</summary>
    Mmap,
    /// <summary>fsync.</summary>
    Fsync,
    /// <summary>open of <c>vm_operations_struct</c>: a mapping has one part more.</summary>
    VmOpen,
    /// <summary>close of <c>vm_operations_struct</c>: a part of a mapping is gone.</summary>
    VmClose,
    /// <summary>oob_read.</summary>
    OobRead,
    /// <summary>oob_write.</summary>
    OobWrite,
    /// <summary>oob_ioctl.</summary>
    OobIoctl,
    /// <summary>compat_oob_ioctl.</summary>
    CompatOobIoctl,
    /// <summary>oob_poll.</summary>
    OobPoll,
}

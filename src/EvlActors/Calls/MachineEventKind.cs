namespace EvlActors;

/// <summary>What happened in a machine.</summary>
public enum MachineEventKind
{
    /// <summary>A call entered at its thread's actor.</summary>
    CallEntered,
    /// <summary>A call was passed to the device's handler.</summary>
    CallRouted,
    /// <summary>A call went to sleep.</summary>
    CallAsleep,
    /// <summary>A sleeping call was woken; the result of the sleep is in Result.</summary>
    CallWoken,
    /// <summary>A call was answered; its result is in Result, Count is how long it took, in nanoseconds.</summary>
    CallAnswered,
    /// <summary>Dovetail's install hook: a descriptor was made.</summary>
    HookInstall,
    /// <summary>Dovetail's replace hook: dup2 onto a descriptor.</summary>
    HookReplace,
    /// <summary>Dovetail's uninstall hook: a descriptor was closed.</summary>
    HookUninstall,
    /// <summary>An in-band reference was taken; Count is how many there are now.</summary>
    InBandReferenceTaken,
    /// <summary>An in-band reference was put; Count is how many are left.</summary>
    InBandReferencePut,
    /// <summary>An oob reference was taken; Count is how many there are now.</summary>
    OobReferenceTaken,
    /// <summary>An oob reference was put; Count is how many are left.</summary>
    OobReferencePut,
    /// <summary>A thread switched to the out-of-band stage.</summary>
    SwitchedOob,
    /// <summary>A thread switched to the in-band stage; Count is the cause.</summary>
    SwitchedInBand,
    /// <summary>The flush handler of a file is called.</summary>
    FlushBegun,
    /// <summary>The release handler of a file is called.</summary>
    ReleaseBegun,
    /// <summary>The driver waits in ReleaseOob; Count is how many oob references are left.</summary>
    ReleaseOobBegun,
    /// <summary>The driver's ReleaseOob returns: no oob reference is left.</summary>
    ReleaseOobDone,
    /// <summary>The open file is gone.</summary>
    ReleaseDone,
    /// <summary>A process forked; Count is the child's pid.</summary>
    ProcessForked,
    /// <summary>A process executed another program.</summary>
    ProcessExecuted,
    /// <summary>A process has ended, its descriptors are closed; Count is its wait status.</summary>
    ProcessEnded,
    /// <summary>A device was spawned.</summary>
    DeviceSpawned,
    /// <summary>A device without nodes has ended with its last file; the detail is its name.</summary>
    DeviceEnded,
    /// <summary>A device failed; Detail says how.</summary>
    DeviceFailed,
    /// <summary>A driver broke a rule that is reported, not punished; Detail says which.</summary>
    DriverWarning,
    /// <summary>A signal's handler is given to its thread; Count is the signal.</summary>
    SignalDelivered,
    /// <summary>A call that a signal interrupted is made again.</summary>
    CallRestarted,
    /// <summary>A signal's default action ends a process; Count is the signal.</summary>
    ProcessKilled,
    /// <summary>A fault was injected; Count says which time its point was met, Detail which point, and where.</summary>
    FaultInjected,
}

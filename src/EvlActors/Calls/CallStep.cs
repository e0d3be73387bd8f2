namespace EvlActors.Calls;

/// <summary>What the actor that receives a <see cref="Call"/> is asked to do with it. Named after the receiver.</summary>
internal enum CallStep : byte
{
    /// <summary>Thread's actor: a new call of its thread.</summary>
    ThreadEnter,
    /// <summary>Thread's actor: the call is back with its result.</summary>
    ThreadAnswered,

    /// <summary>Thread's actor: a signal handler has run; the call goes on.</summary>
    ThreadHandled,
    /// <summary>Thread's actor: the thread was offered what was pending on its process; the call goes on.</summary>
    ThreadAsked,

    /// <summary>In-band stage: a call for the VFS.</summary>
    InBandEnter,
    /// <summary>In-band stage: a number was reserved (or not) for the file that the call opens.</summary>
    InBandReserved,
    /// <summary>In-band stage: a descriptor was closed on behalf of a process that exits.</summary>
    InBandClosed,

    /// <summary>In-band stage: the first file of a new element was opened by its driver, or not.</summary>
    InBandElementOpened,
    /// <summary>In-band stage: the next part of a pipe that is made.</summary>
    InBandPipe,
    /// <summary>In-band stage: the table of a process that forks was copied.</summary>
    InBandForked,
    /// <summary>In-band stage: the shared table of a process that executes was copied.</summary>
    InBandUnshared,
    /// <summary>In-band stage: a descriptor that is closed on exec was closed.</summary>
    InBandExecClosed,
    /// <summary>In-band stage: the thread unblocked signals; offer it what is pending on its process.</summary>
    InBandAsk,
    /// <summary>In-band stage: the file's side of an mmap is back.</summary>
    InBandMapped,
    /// <summary>In-band stage: the file was told of a part of a mapping that is gone, or was split; the next.</summary>
    InBandUnmapped,
    /// <summary>In-band stage: everything that a process which ends had mapped is unmapped.</summary>
    InBandEndUnmapped,
    /// <summary>In-band stage: everything that a process which executes had mapped is unmapped.</summary>
    InBandExecUnmapped,
    /// <summary>In-band stage: a file has its reference for the copy that a fork made of a mapping.</summary>
    InBandForkMapped,

    /// <summary>In-band stage: an open file is asked for its owner; say whether that is still there.</summary>
    InBandOwner,

    /// <summary>Poll waiter: poll(2) or select(2) of its thread.</summary>
    WaiterPoll,

    /// <summary>Fd table: a call that names a descriptor.</summary>
    TableLookUp,
    /// <summary>Fd table: reserve the lowest free number.</summary>
    TableReserve,
    /// <summary>Fd table: install the opened file under the reserved number, or free the number if opening failed.</summary>
    TableInstall,
    /// <summary>Fd table: close the lowest open descriptor; the process exits.</summary>
    TableCloseNext,
    /// <summary>Fd table: a descriptor of a range was closed; the next.</summary>
    TableRangeClosed,

    /// <summary>Fd table: close the lowest descriptor that is closed on exec.</summary>
    TableCloseOnExec,
    /// <summary>Fd table: copy the table to <see cref="Call.NewFiles"/>.</summary>
    TableCopy,

    /// <summary>Oob stage: an oob call that names a descriptor.</summary>
    OobEnter,
    /// <summary>Oob stage: an in-band call that names a descriptor; if its file is not oob it is the fd table's.</summary>
    OobLookUp,
    /// <summary>Oob stage: the install hook.</summary>
    OobInstall,
    /// <summary>Oob stage: the replace hook.</summary>
    OobReplace,
    /// <summary>Oob stage: the uninstall hook.</summary>
    OobUninstall,

    /// <summary>Oob stage: a table was copied; its oob files were indexed on the way here.</summary>
    OobCopied,

    /// <summary>Open file: run the driver's open.</summary>
    FileOpen,
    /// <summary>Open file: the driver's open is back.</summary>
    FileOpened,
    /// <summary>Open file: a descriptor refers to it now; take the descriptor's reference and answer.</summary>
    FileInstalled,
    /// <summary>Open file: an in-band operation.</summary>
    FileOperate,
    /// <summary>Open file: an in-band operation is back from the device.</summary>
    FileOperated,
    /// <summary>Open file: an oob operation.</summary>
    FileOobOperate,
    /// <summary>Open file: an oob operation is back from the device.</summary>
    FileOobOperated,
    /// <summary>Open file: a descriptor was closed or replaced; flush and drop its reference.</summary>
    FileDrop,
    /// <summary>Open file: the driver's flush is back.</summary>
    FileFlushed,
    /// <summary>Open file: a call that held it while another file ran it has its result.</summary>
    FileGivenBack,
    /// <summary>Open file: a mapping of it has one part more; take its reference.</summary>
    FileMapped,
    /// <summary>Open file: a part of a mapping of it is gone; drop its reference.</summary>
    FileUnmapped,
    /// <summary>Open file: the driver's close of the mapping is back.</summary>
    FileMapClosed,
    /// <summary>Open file: the driver's fasync was told that the file goes; release follows.</summary>
    FileAsyncEnded,
    /// <summary>Open file: the driver's release is back.</summary>
    FileReleased,

    /// <summary>Device: run the handler of <see cref="Call.Operation"/>.</summary>
    DeviceOperate,
}

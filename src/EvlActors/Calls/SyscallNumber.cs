namespace EvlActors;

/// <summary>The system calls of a user thread, by their Linux or EVL names.</summary>
public enum SyscallNumber
{
    /// <summary>An oob call that does not exist.</summary>
    UndefinedOob = -1,
    /// <summary>oob_read: reads from an oob file; out-of-band.</summary>
    OobRead,
    /// <summary>oob_write: writes to an oob file; out-of-band.</summary>
    OobWrite,
    /// <summary>oob_ioctl: a request to an oob file; out-of-band.</summary>
    OobIoctl,
    /// <summary>evl_sleep_until, evl_usleep: a sleep; out-of-band.</summary>
    EvlSleep,
    /// <summary>read(2).</summary>
    Read,
    /// <summary>write(2).</summary>
    Write,
    /// <summary>ioctl(2).</summary>
    Ioctl,
    /// <summary>open(2).</summary>
    Open,
    /// <summary>close(2).</summary>
    Close,
    /// <summary>fcntl(2).</summary>
    Fcntl,
    /// <summary>dup(2).</summary>
    Dup,
    /// <summary>dup2(2).</summary>
    Dup2,
    /// <summary>dup3(2).</summary>
    Dup3,
    /// <summary>close_range(2).</summary>
    CloseRange,
    /// <summary>lseek(2).</summary>
    Lseek,
    /// <summary>pread(2).</summary>
    Pread,
    /// <summary>pwrite(2).</summary>
    Pwrite,
    /// <summary>readv(2).</summary>
    Readv,
    /// <summary>writev(2).</summary>
    Writev,
    /// <summary>fsync(2).</summary>
    Fsync,
    /// <summary>mmap(2).</summary>
    Mmap,
    /// <summary>munmap(2).</summary>
    Munmap,
    /// <summary>evl_init.</summary>
    EvlInit,
    /// <summary>evl_attach_self.</summary>
    Attach,
    /// <summary>evl_detach_self.</summary>
    Detach,
    /// <summary>evl_switch_oob.</summary>
    SwitchOob,
    /// <summary>evl_switch_inband.</summary>
    SwitchInband,
    /// <summary>evl_create_xbuf.</summary>
    CreateXbuf,
    /// <summary>evl_create_sem.</summary>
    CreateSem,
    /// <summary>evl_create_flags.</summary>
    CreateFlags,
    /// <summary>poll(2).</summary>
    Poll,
    /// <summary>select(2).</summary>
    Select,
    /// <summary>epoll_create(2).</summary>
    EpollCreate,
    /// <summary>epoll_create1(2).</summary>
    EpollCreate1,
    /// <summary>epoll_ctl(2).</summary>
    EpollCtl,
    /// <summary>epoll_wait(2).</summary>
    EpollWait,
    /// <summary>The end of the thread: pthread_exit.</summary>
    ExitThread,
    /// <summary>The end of the process: exit_group(2).</summary>
    Exit,
    /// <summary>fork(2), and clone(2) as far as it shares the descriptors.</summary>
    Fork,
    /// <summary>execve(2).</summary>
    Exec,
    /// <summary>wait4(2).</summary>
    Wait,
    /// <summary>pipe2(2).</summary>
    Pipe2,
    /// <summary>getpid(2).</summary>
    Getpid,
    /// <summary>getppid(2).</summary>
    Getppid,
    /// <summary>getuid(2).</summary>
    Getuid,
    /// <summary>geteuid(2).</summary>
    Geteuid,
    /// <summary>getgid(2).</summary>
    Getgid,
    /// <summary>getegid(2).</summary>
    Getegid,
    /// <summary>setuid(2).</summary>
    Setuid,
    /// <summary>seteuid(2).</summary>
    Seteuid,
    /// <summary>setgid(2).</summary>
    Setgid,
    /// <summary>setegid(2).</summary>
    Setegid,
    /// <summary>setgroups(2).</summary>
    Setgroups,
    /// <summary>capget(2).</summary>
    Capget,
    /// <summary>capset(2).</summary>
    Capset,
    /// <summary>getrlimit(2).</summary>
    Getrlimit,
    /// <summary>setrlimit(2).</summary>
    Setrlimit,
    /// <summary>getpgid(2).</summary>
    Getpgid,
    /// <summary>setpgid(2).</summary>
    Setpgid,
    /// <summary>getsid(2).</summary>
    Getsid,
    /// <summary>setsid(2).</summary>
    Setsid,
    /// <summary>sigaction(2).</summary>
    Sigaction,
    /// <summary>sigprocmask(2).</summary>
    Sigprocmask,
    /// <summary>sigpending(2).</summary>
    Sigpending,
    /// <summary>kill(2).</summary>
    Kill,
    /// <summary>tkill(2).</summary>
    Tkill,
    /// <summary>tgkill(2), raise(3).</summary>
    Tgkill,
    /// <summary>sigqueue(3).</summary>
    Sigqueue,
    /// <summary>pause(2).</summary>
    Pause,
    /// <summary>alarm(2).</summary>
    Alarm,
    /// <summary>clock_gettime(2).</summary>
    ClockGettime,
    /// <summary>A request on an element, made by ioctl or oob_ioctl as the caller's stage says: evl_unblock_thread, evl_put_sem ...</summary>
    ElementRequest,
    /// <summary>evl_get_self: known to the library, so no stage is switched.</summary>
    GetSelf,
    /// <summary>No call: an exception in the thread's own code.</summary>
    Fault,
    /// <summary>A call that does not exist.</summary>
    Undefined = int.MaxValue,
}

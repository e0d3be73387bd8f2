namespace EvlActors;

/// <summary>
/// The signals, with the numbers of Linux. Real-time signals are the numbers <see cref="SIGRTMIN"/> to <see cref="SIGRTMAX"/>:
/// write <c>Signal.SIGRTMIN + 3</c>.
/// </summary>
public enum Signal
{
    /// <summary>No signal: sending it only tests whether it could be sent.</summary>
    None = 0,
    /// <summary>Hang-up; ends the process.</summary>
    SIGHUP = 1,
    /// <summary>Interrupt; ends the process.</summary>
    SIGINT = 2,
    /// <summary>Quit; ends the process.</summary>
    SIGQUIT = 3,
    /// <summary>Illegal instruction; ends the process.</summary>
    SIGILL = 4,
    /// <summary>Trap; ends the process.</summary>
    SIGTRAP = 5,
    /// <summary>Abort; ends the process.</summary>
    SIGABRT = 6,
    /// <summary>Bus error; ends the process.</summary>
    SIGBUS = 7,
    /// <summary>Arithmetic exception; ends the process.</summary>
    SIGFPE = 8,
    /// <summary>Kill; ends the process, can't be caught, blocked or ignored.</summary>
    SIGKILL = 9,
    /// <summary>The application's own; ends the process.</summary>
    SIGUSR1 = 10,
    /// <summary>Bad memory access, and whatever else a body throws out-of-band; ends the process.</summary>
    SIGSEGV = 11,
    /// <summary>The application's own; ends the process.</summary>
    SIGUSR2 = 12,
    /// <summary>Write to a pipe without reader; ends the process.</summary>
    SIGPIPE = 13,
    /// <summary>alarm(2); ends the process.</summary>
    SIGALRM = 14,
    /// <summary>Terminate; ends the process.</summary>
    SIGTERM = 15,
    /// <summary>A child has ended; nothing.</summary>
    SIGCHLD = 17,
    /// <summary>Continue; nothing.</summary>
    SIGCONT = 18,
    /// <summary>Stop; accepted and ignored here, can't be caught or blocked.</summary>
    SIGSTOP = 19,
    /// <summary>Terminal stop; accepted and ignored here.</summary>
    SIGTSTP = 20,
    /// <summary>Terminal input; accepted and ignored here.</summary>
    SIGTTIN = 21,
    /// <summary>Terminal output; accepted and ignored here.</summary>
    SIGTTOU = 22,
    /// <summary>Urgent data; nothing.</summary>
    SIGURG = 23,
    /// <summary>CPU time limit; ends the process.</summary>
    SIGXCPU = 24,
    /// <summary>EVL's notice of a switch in-band, SIGXCPU: <see cref="SigInfo.SwitchCause"/> says why; ends the process.</summary>
    SIGDEBUG = SIGXCPU,
    /// <summary>File size limit; ends the process.</summary>
    SIGXFSZ = 25,
    /// <summary>Virtual alarm; ends the process.</summary>
    SIGVTALRM = 26,
    /// <summary>Profiling alarm; ends the process.</summary>
    SIGPROF = 27,
    /// <summary>Window size; nothing.</summary>
    SIGWINCH = 28,
    /// <summary>Input or output is possible; ends the process.</summary>
    SIGIO = 29,
    /// <summary>Power failure; ends the process.</summary>
    SIGPWR = 30,
    /// <summary>Bad system call; ends the process.</summary>
    SIGSYS = 31,
    /// <summary>The first real-time signal; all of them end the process.</summary>
    SIGRTMIN = 34,
    /// <summary>The last real-time signal.</summary>
    SIGRTMAX = 64,
}

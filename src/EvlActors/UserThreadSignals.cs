using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// A thread's calls about signals: dispositions, masks, sending, waiting.
/// </summary>
public static class UserThreadSignals
{
    /// <param name="thread">The thread that calls.</param>
    extension(UserThread thread)
    {
        /// <summary>Says what the process does with a signal. sigaction(2); in-band.</summary>
        /// <param name="signal">The signal.</param>
        /// <param name="action">Default, ignore or a handler. Ignoring drops what is pending of it.</param>
        /// <returns>0; EINVAL for a bad number, SIGKILL and SIGSTOP.</returns>
        public ValueTask<SysResult> SigactionAsync(Signal signal, SigAction action)
        {
            ArgumentNullException.ThrowIfNull(action);
            return thread.Submit(SyscallNumber.Sigaction, -1, default, (long)signal, 0, 0, action.Action, default);
        }

        /// <summary>Changes what this thread blocks; what is unblocked and pending is delivered before it returns. sigprocmask(2);
        /// in-band.</summary>
        /// <param name="how">How the set changes the mask.</param>
        /// <param name="set">The set; SIGKILL and SIGSTOP in it are passed over.</param>
        /// <returns>The bits of the old mask, a value for <see cref="SigSet"/>; EINVAL for a bad <paramref name="how"/>.</returns>
        public ValueTask<SysResult> SigprocmaskAsync(SigMaskHow how, SigSet set) =>
            thread.Submit(SyscallNumber.Sigprocmask, -1, default, (long)how, (long)set.Bits, 0, null, default);

        /// <summary>Which signals are blocked and pending, on this thread or its process. sigpending(2); in-band.</summary>
        /// <returns>The bits of the set, a value for <see cref="SigSet"/>.</returns>
        public ValueTask<SysResult> SigpendingAsync() => thread.Submit(SyscallNumber.Sigpending, -1, default, 0, 0, 0, null, default);

        /// <summary>Sends a signal to a process or group. kill(2); in-band. Returns when the signal is with a thread or pending.</summary>
        /// <param name="pid">A process; 0: the own group; -1: every other process; less: the group of that number.</param>
        /// <param name="signal">The signal; <see cref="Signal.None"/> only tests.</param>
        /// <returns>0; EINVAL for a bad signal, ESRCH, EPERM, EAGAIN if no more real-time signals can be queued.</returns>
        public ValueTask<SysResult> KillAsync(int pid, Signal signal) =>
            thread.Submit(SyscallNumber.Kill, -1, default, pid, (long)signal, 0, null, default);

        /// <summary>Sends a signal to a thread. tkill(2); in-band.</summary>
        /// <param name="tid">The thread.</param>
        /// <param name="signal">The signal; <see cref="Signal.None"/> only tests.</param>
        /// <returns>0; EINVAL for a bad signal or number, ESRCH, EPERM, EAGAIN.</returns>
        public ValueTask<SysResult> TkillAsync(int tid, Signal signal) =>
            thread.Submit(SyscallNumber.Tkill, -1, default, tid, (long)signal, 0, null, default);

        /// <summary>Sends a signal to a thread of a process. tgkill(2); in-band.</summary>
        /// <param name="pid">The process that the thread must belong to.</param>
        /// <param name="tid">The thread.</param>
        /// <param name="signal">The signal; <see cref="Signal.None"/> only tests.</param>
        /// <returns>0; EINVAL for a bad signal or number, ESRCH, EPERM, EAGAIN.</returns>
        public ValueTask<SysResult> TgkillAsync(int pid, int tid, Signal signal) =>
            thread.Submit(SyscallNumber.Tgkill, -1, default, pid, (long)signal, tid, null, default);

        /// <summary>Sends a signal with a value to a process. sigqueue(3); in-band.</summary>
        /// <param name="pid">The process.</param>
        /// <param name="signal">The signal; <see cref="Signal.None"/> only tests.</param>
        /// <param name="value">What <see cref="SigInfo.Value"/> carries.</param>
        /// <returns>0; EINVAL for a bad signal, ESRCH, EPERM, EAGAIN if no more real-time signals can be queued.</returns>
        public ValueTask<SysResult> SigqueueAsync(int pid, Signal signal, long value) =>
            thread.Submit(SyscallNumber.Sigqueue, -1, default, pid, (long)signal, value, null, default);

        /// <summary>Sends a signal to this thread; it is delivered before the call returns. raise(3); in-band.</summary>
        /// <param name="signal">The signal.</param>
        /// <returns>0; EINVAL for a bad signal, EAGAIN.</returns>
        public ValueTask<SysResult> RaiseAsync(Signal signal) => thread.TgkillAsync(thread.Process.Pid, thread.Tid, signal);

        /// <summary>Sleeps until a signal's handler has run. pause(2); in-band.</summary>
        /// <param name="cancellation">Unblocks the call.</param>
        /// <returns>EINTR.</returns>
        public ValueTask<SysResult> PauseAsync(CancellationToken cancellation = default) =>
            thread.Submit(SyscallNumber.Pause, -1, default, 0, 0, 0, null, cancellation);

        /// <summary><inheritdoc cref="PauseAsync" path="/summary"/> Blocks.</summary>
        /// <returns>EINTR.</returns>
        public SysResult Pause() => thread.Block(SyscallNumber.Pause, -1, default, 0, 0, 0, null);

        /// <summary>Has SIGALRM sent to the process after some time. alarm(2); in-band.</summary>
        /// <param name="seconds">The time, in seconds; 0: no alarm any more.</param>
        /// <returns>The seconds that were left of the alarm before, rounded up, or 0; EINVAL if negative.</returns>
        public ValueTask<SysResult> AlarmAsync(int seconds) => thread.Submit(SyscallNumber.Alarm, -1, default, seconds, 0, 0, null, default);
    }
}

using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// A thread's calls about processes: fork, exec, exit and wait, ids, credentials, capabilities, limits.
/// </summary>
public static class UserThreadProcesses
{
    /// <param name="thread">The thread that calls.</param>
    extension(UserThread thread)
    {
        /// <summary>
        /// Makes a process: the same descriptors on the same open files, one ordinary thread. fork(2); in-band. The new process is
        /// <see cref="EvlMachine.GetProcess"/>, its thread <see cref="EvlProcess.MainThread"/>; it attaches itself if it is to be an
        /// EVL thread.
        /// </summary>
        /// <param name="flags">What is shared instead of copied; nothing by default.</param>
        /// <returns>The pid of the new process; EINVAL for other flags.</returns>
        public ValueTask<SysResult> ForkAsync(CloneFlags flags = CloneFlags.None) =>
            thread.Submit(SyscallNumber.Fork, -1, default, (long)flags, 0, 0, null, default);

        /// <summary><inheritdoc cref="ForkAsync" path="/summary"/> Blocks.</summary>
        /// <param name="flags">What is shared instead of copied; nothing by default.</param>
        /// <returns>As <see cref="ForkAsync"/>.</returns>
        public SysResult Fork(CloneFlags flags = CloneFlags.None) => thread.Block(SyscallNumber.Fork, -1, default, (long)flags, 0, 0, null);

        /// <summary>
        /// Begins another program in this process: its other threads are killed, this one detached, a shared table of descriptors
        /// copied, then the descriptors that are close-on-exec are closed in ascending order, each awaited. execve(2); in-band.
        /// What the program does is up to the code that holds this thread.
        /// </summary>
        /// <returns>0.</returns>
        public ValueTask<SysResult> ExecAsync() => thread.Submit(SyscallNumber.Exec, -1, default, 0, 0, 0, null, default);

        /// <summary><inheritdoc cref="ExecAsync" path="/summary"/> Blocks.</summary>
        /// <returns>As <see cref="ExecAsync"/>.</returns>
        public SysResult Exec() => thread.Block(SyscallNumber.Exec, -1, default, 0, 0, 0, null);

        /// <summary>Ends this thread's process: the other threads are killed, then the descriptors closed. exit_group(2).</summary>
        /// <param name="status">The exit status that its parent gets, 0 to 255; 0 by default.</param>
        /// <returns>0 when the process has ended; ESRCH if it ends already.</returns>
        public ValueTask<SysResult> ExitAsync(int status = 0) => thread.Submit(SyscallNumber.Exit, -1, default, status, 0, 0, null, default);

        /// <summary><inheritdoc cref="ExitAsync" path="/summary"/> Blocks.</summary>
        /// <param name="status">The exit status that its parent gets, 0 to 255; 0 by default.</param>
        /// <returns>As <see cref="ExitAsync"/>.</returns>
        public SysResult Exit(int status = 0) => thread.Block(SyscallNumber.Exit, -1, default, status, 0, 0, null);

        /// <summary>Waits until a child has ended. wait4(2); in-band, sleeps.</summary>
        /// <param name="pid">Which: a pid; -1 (default): any; 0: any of this process's group; below -1: any of that group.</param>
        /// <param name="status">Gets the <see cref="WaitStatus"/>, 4 bytes; default: it is not told.</param>
        /// <param name="options">WNOHANG or nothing.</param>
        /// <param name="cancellation">Unblocks the call.</param>
        /// <returns>The pid of the child; 0 with WNOHANG if none has ended; ECHILD if there is no such child; EINTR; EINVAL for
        /// other options; EFAULT.</returns>
        public ValueTask<SysResult> WaitAsync(
            int pid = -1, UserBuffer status = default, WaitOptions options = WaitOptions.None, CancellationToken cancellation = default) =>
            thread.Submit(SyscallNumber.Wait, -1, status, pid, (long)options, 0, null, cancellation);

        /// <summary><inheritdoc cref="WaitAsync" path="/summary"/> Blocks.</summary>
        /// <param name="pid">Which: a pid; -1 (default): any; 0: any of this process's group; below -1: any of that group.</param>
        /// <param name="status">Gets the <see cref="WaitStatus"/>, 4 bytes; default: it is not told.</param>
        /// <param name="options">WNOHANG or nothing.</param>
        /// <returns>As <see cref="WaitAsync"/>.</returns>
        public SysResult Wait(int pid = -1, UserBuffer status = default, WaitOptions options = WaitOptions.None) =>
            thread.Block(SyscallNumber.Wait, -1, status, pid, (long)options, 0, null);

        /// <summary>The number of the process. getpid(2); in-band.</summary>
        /// <returns>The pid.</returns>
        public ValueTask<SysResult> GetpidAsync() => thread.Submit(SyscallNumber.Getpid, -1, default, 0, 0, 0, null, default);

        /// <summary>The number of the parent. getppid(2); in-band.</summary>
        /// <returns>The pid; 0 if the machine made the process, or the parent has ended.</returns>
        public ValueTask<SysResult> GetppidAsync() => thread.Submit(SyscallNumber.Getppid, -1, default, 0, 0, 0, null, default);

        /// <summary>The real user id. getuid(2); in-band.</summary>
        /// <returns>The id.</returns>
        public ValueTask<SysResult> GetuidAsync() => thread.Submit(SyscallNumber.Getuid, -1, default, 0, 0, 0, null, default);

        /// <summary>The effective user id. geteuid(2); in-band.</summary>
        /// <returns>The id.</returns>
        public ValueTask<SysResult> GeteuidAsync() => thread.Submit(SyscallNumber.Geteuid, -1, default, 0, 0, 0, null, default);

        /// <summary>The real group id. getgid(2); in-band.</summary>
        /// <returns>The id.</returns>
        public ValueTask<SysResult> GetgidAsync() => thread.Submit(SyscallNumber.Getgid, -1, default, 0, 0, 0, null, default);

        /// <summary>The effective group id. getegid(2); in-band.</summary>
        /// <returns>The id.</returns>
        public ValueTask<SysResult> GetegidAsync() => thread.Submit(SyscallNumber.Getegid, -1, default, 0, 0, 0, null, default);

        /// <summary>Sets the effective user id, and the real and the saved one with CAP_SETUID. setuid(2); in-band. Capabilities follow as capabilities(7) says.</summary>
        /// <param name="uid">The id.</param>
        /// <returns>0; EPERM if it is neither the real nor the saved id and CAP_SETUID is missing; EINVAL if negative.</returns>
        public ValueTask<SysResult> SetuidAsync(int uid) => thread.Submit(SyscallNumber.Setuid, -1, default, uid, 0, 0, null, default);

        /// <summary>Sets the effective user id. seteuid(2); in-band. Leaving 0 clears the capabilities in force, coming back restores them.</summary>
        /// <param name="uid">The id.</param>
        /// <returns>0; EPERM if it is neither the real nor the saved id and CAP_SETUID is missing; EINVAL if negative.</returns>
        public ValueTask<SysResult> SeteuidAsync(int uid) => thread.Submit(SyscallNumber.Seteuid, -1, default, uid, 0, 0, null, default);

        /// <summary>Sets the effective group id, and the real and the saved one with CAP_SETGID. setgid(2); in-band.</summary>
        /// <param name="gid">The id.</param>
        /// <returns>0; EPERM if it is neither the real nor the saved id and CAP_SETGID is missing; EINVAL if negative.</returns>
        public ValueTask<SysResult> SetgidAsync(int gid) => thread.Submit(SyscallNumber.Setgid, -1, default, gid, 0, 0, null, default);

        /// <summary>Sets the effective group id. setegid(2); in-band.</summary>
        /// <param name="gid">The id.</param>
        /// <returns>0; EPERM if it is neither the real nor the saved id and CAP_SETGID is missing; EINVAL if negative.</returns>
        public ValueTask<SysResult> SetegidAsync(int gid) => thread.Submit(SyscallNumber.Setegid, -1, default, gid, 0, 0, null, default);

        /// <summary>The process group of a process. getpgid(2); in-band.</summary>
        /// <param name="pid">The process; 0 (default): this one.</param>
        /// <returns>The group; ESRCH if there is no such process.</returns>
        public ValueTask<SysResult> GetpgidAsync(int pid = 0) => thread.Submit(SyscallNumber.Getpgid, -1, default, pid, 0, 0, null, default);

        /// <summary>The session of a process. getsid(2); in-band.</summary>
        /// <param name="pid">The process; 0 (default): this one.</param>
        /// <returns>The session; ESRCH if there is no such process.</returns>
        public ValueTask<SysResult> GetsidAsync(int pid = 0) => thread.Submit(SyscallNumber.Getsid, -1, default, pid, 0, 0, null, default);

        /// <summary>Begins a session with a group, without controlling terminal. setsid(2); in-band.</summary>
        /// <returns>The session; EPERM for the leader of a group.</returns>
        public ValueTask<SysResult> SetsidAsync() => thread.Submit(SyscallNumber.Setsid, -1, default, 0, 0, 0, null, default);

        /// <summary>Puts a process into a group. setpgid(2); in-band.</summary>
        /// <param name="pid">The process, this one or a child; 0: this one.</param>
        /// <param name="group">The group, one of the session; 0: the process's own.</param>
        /// <returns>0; ESRCH, EINVAL if the group is negative, EACCES for a child that has executed a program, EPERM for the leader
        /// of a session and across sessions.</returns>
        public ValueTask<SysResult> SetpgidAsync(int pid, int group) =>
            thread.Submit(SyscallNumber.Setpgid, -1, default, pid, group, 0, null, default);

        /// <summary>Sets the supplementary groups. setgroups(2); in-band.</summary>
        /// <param name="groups">The groups; copied.</param>
        /// <returns>0; EPERM without CAP_SETGID.</returns>
        public ValueTask<SysResult> SetgroupsAsync(params ReadOnlySpan<int> groups) =>
            thread.Submit(SyscallNumber.Setgroups, -1, default, 0, 0, 0, groups.ToArray(), default);

        /// <summary>Reads the capabilities of a process. capget(2); in-band.</summary>
        /// <param name="data">Gets the <see cref="CapabilitySet"/> of the version.</param>
        /// <param name="pid">The process; 0 (default): this one.</param>
        /// <param name="version">The layout; <see cref="CapabilitySet.Version3"/> by default.</param>
        /// <returns>0; EINVAL for an unknown version, ESRCH, EFAULT.</returns>
        public ValueTask<SysResult> CapgetAsync(UserBuffer data, int pid = 0, uint version = CapabilitySet.Version3) =>
            thread.Submit(SyscallNumber.Capget, -1, data, pid, version, 0, null, default);

        /// <summary>Sets the capabilities of this process. capset(2); in-band.</summary>
        /// <param name="data">The <see cref="CapabilitySet"/> of the version.</param>
        /// <param name="pid">The process; 0 (default): this one.</param>
        /// <param name="version">The layout; <see cref="CapabilitySet.Version3"/> by default.</param>
        /// <returns>0; EINVAL for an unknown version or capability; EPERM for another process and for what is not permitted; ESRCH,
        /// EFAULT.</returns>
        public ValueTask<SysResult> CapsetAsync(UserBuffer data, int pid = 0, uint version = CapabilitySet.Version3) =>
            thread.Submit(SyscallNumber.Capset, -1, data, pid, version, 0, null, default);

        /// <summary>Sets the capabilities of this process. capset(2); in-band.</summary>
        /// <param name="effective">Those in force.</param>
        /// <param name="permitted">Those that may be put in force.</param>
        /// <returns>0; EPERM for what is not permitted; EINVAL for an unknown capability.</returns>
        public ValueTask<SysResult> CapsetAsync(Capabilities effective, Capabilities permitted)
        {
            byte[] data = new byte[CapabilitySet.BytesOf(CapabilitySet.Version3)];
            new CapabilitySet(effective, permitted).WriteTo(data);
            return thread.CapsetAsync(data);
        }

        /// <summary>Reads a limit of the process. getrlimit(2); in-band.</summary>
        /// <param name="resource">What is limited.</param>
        /// <param name="limit">Gets the <see cref="ResourceLimit"/>, 16 bytes.</param>
        /// <returns>0; EINVAL for an unknown resource; EFAULT.</returns>
        public ValueTask<SysResult> GetrlimitAsync(Resource resource, UserBuffer limit) =>
            thread.Submit(SyscallNumber.Getrlimit, -1, limit, (long)resource, 0, 0, null, default);

        /// <summary>Sets a limit of the process. setrlimit(2); in-band.</summary>
        /// <param name="resource">What is limited.</param>
        /// <param name="limit">The <see cref="ResourceLimit"/>, 16 bytes.</param>
        /// <returns>0; EINVAL for an unknown resource or a soft limit above the hard one; EPERM if the hard limit is raised without
        /// CAP_SYS_RESOURCE, or RLIMIT_NOFILE above 1,048,576; EFAULT.</returns>
        public ValueTask<SysResult> SetrlimitAsync(Resource resource, UserBuffer limit) =>
            thread.Submit(SyscallNumber.Setrlimit, -1, limit, (long)resource, 0, 0, null, default);

        /// <summary><inheritdoc cref="SetrlimitAsync(UserThread, Resource, UserBuffer)" path="/summary"/></summary>
        /// <param name="resource">What is limited.</param>
        /// <param name="limit">The limit.</param>
        /// <returns>As <see cref="SetrlimitAsync(UserThread, Resource, UserBuffer)"/>.</returns>
        public ValueTask<SysResult> SetrlimitAsync(Resource resource, ResourceLimit limit)
        {
            byte[] data = new byte[ResourceLimit.Bytes];
            limit.WriteTo(data);
            return thread.SetrlimitAsync(resource, (UserBuffer)data);
        }

        /// <summary>Ends this thread; a later call of it answers ESRCH. pthread_exit.</summary>
        /// <returns>0.</returns>
        public ValueTask<SysResult> ExitThreadAsync() => thread.Submit(SyscallNumber.ExitThread, -1, default, 0, 0, 0, null, default);
    }
}

using System.Buffers.Binary;
using EvlActors.Calls;

namespace EvlActors;

/// <summary>
/// A thread's calls of libevl about itself and other EVL threads: attaching, stages, mode bits; and cross-buffers.
/// </summary>
public static class UserThreadStages
{
    /// <param name="thread">The thread that calls.</param>
    extension(UserThread thread)
    {
        /// <summary>Initialises the process for EVL; attaching does it too. evl_init; in-band.</summary>
        /// <returns>0.</returns>
        public ValueTask<SysResult> InitAsync() => thread.Submit(SyscallNumber.EvlInit, -1, default, 0, 0, 0, null, default);

        /// <summary>
        /// Makes this thread an EVL thread, which alone may call oob_*. A FIFO thread returns out-of-band, another one in-band.
        /// evl_attach_self.
        /// </summary>
        /// <param name="name">The element's name; a leading slash makes it public; null: anonymous.</param>
        /// <returns>The descriptor of the thread's element, close-on-exec; EBUSY if attached; EEXIST, EINVAL, ENAMETOOLONG, EMFILE.</returns>
        public ValueTask<SysResult> AttachAsync(string? name = null) =>
            thread.Submit(SyscallNumber.Attach, -1, default, 0, 0, 0, name, default);

        /// <summary><inheritdoc cref="AttachAsync" path="/summary"/> Blocks.</summary>
        /// <param name="name">The element's name; a leading slash makes it public; null: anonymous.</param>
        /// <returns>As <see cref="AttachAsync"/>.</returns>
        public SysResult Attach(string? name = null) => thread.Block(SyscallNumber.Attach, -1, default, 0, 0, 0, name);

        /// <summary>Makes this thread an ordinary one again. evl_detach_self.</summary>
        /// <param name="flags">0.</param>
        /// <returns>0; EINVAL for other flags; EPERM if not attached.</returns>
        public ValueTask<SysResult> DetachAsync(int flags = 0) => thread.Submit(SyscallNumber.Detach, -1, default, flags, 0, 0, null, default);

        /// <summary>The descriptor that <see cref="AttachAsync"/> has returned. evl_get_self; switches no stage.</summary>
        /// <returns>The descriptor, which may have been closed since; EPERM if not attached.</returns>
        public ValueTask<SysResult> GetSelfAsync() => thread.Submit(SyscallNumber.GetSelf, -1, default, 0, 0, 0, null, default);

        /// <summary><inheritdoc cref="GetSelfAsync" path="/summary"/> Blocks.</summary>
        /// <returns>As <see cref="GetSelfAsync"/>.</returns>
        public SysResult GetSelf() => thread.Block(SyscallNumber.GetSelf, -1, default, 0, 0, 0, null);

        /// <summary>Switches this thread out-of-band. evl_switch_oob.</summary>
        /// <returns>0; EPERM if not attached.</returns>
        public ValueTask<SysResult> SwitchOobAsync() => thread.Submit(SyscallNumber.SwitchOob, -1, default, 0, 0, 0, null, default);

        /// <summary>Switches this thread in-band. evl_switch_inband.</summary>
        /// <returns>0.</returns>
        public ValueTask<SysResult> SwitchInbandAsync() => thread.Submit(SyscallNumber.SwitchInband, -1, default, 0, 0, 0, null, default);

        /// <summary>Creates a cross-buffer. evl_create_xbuf; in-band.</summary>
        /// <param name="name">The element's name; a leading slash makes it public, at /dev/evl/xbuf/name; null: anonymous.</param>
        /// <param name="inboundBytes">The ring that carries oob_write to read, 0 to 2^30 bytes; 0: none.</param>
        /// <param name="outboundBytes">The ring that carries write to oob_read, 0 to 2^30 bytes; 0: none.</param>
        /// <param name="flags">O_NONBLOCK (EVL_CLONE_NONBLOCK) or nothing.</param>
        /// <returns>The descriptor, close-on-exec; ENXIO if the process was not initialised; EINVAL, EEXIST, ENAMETOOLONG, ENOMEM, EMFILE.</returns>
        public ValueTask<SysResult> CreateXbufAsync(string? name, long inboundBytes, long outboundBytes, OpenFlags flags = default) =>
            thread.Submit(SyscallNumber.CreateXbuf, -1, default, (long)flags, inboundBytes, outboundBytes, name, default);

        /// <summary><inheritdoc cref="CreateXbufAsync" path="/summary"/> Blocks.</summary>
        /// <param name="name">The element's name; a leading slash makes it public, at /dev/evl/xbuf/name; null: anonymous.</param>
        /// <param name="inboundBytes">The ring that carries oob_write to read, 0 to 2^30 bytes; 0: none.</param>
        /// <param name="outboundBytes">The ring that carries write to oob_read, 0 to 2^30 bytes; 0: none.</param>
        /// <param name="flags">O_NONBLOCK (EVL_CLONE_NONBLOCK) or nothing.</param>
        /// <returns>As <see cref="CreateXbufAsync"/>.</returns>
        public SysResult CreateXbuf(string? name, long inboundBytes, long outboundBytes, OpenFlags flags = default) =>
            thread.Block(SyscallNumber.CreateXbuf, -1, default, (long)flags, inboundBytes, outboundBytes, name);

        /// <summary>Ends the sleep of an EVL thread's call with EINTR, now or when it next sleeps; it stays out-of-band. A thread that is
        /// in-band is not disturbed: EVL ends its own sleeps only. evl_unblock_thread, by ioctl or oob_ioctl as this thread's stage is.</summary>
        /// <param name="threadFd">A descriptor of the thread's element.</param>
        /// <returns>0; ESTALE if the thread is gone; EBADF.</returns>
        public ValueTask<SysResult> UnblockThreadAsync(int threadFd) => thread.Request(threadFd, ThreadCommand.Unblock, default);

        /// <summary>Forces an EVL thread into class WEAK, and if it is out-of-band ends its sleep with EINTR and sends it in-band.
        /// evl_demote_thread, by ioctl or
        /// oob_ioctl as this thread's stage is.</summary>
        /// <param name="threadFd">A descriptor of the thread's element.</param>
        /// <returns>0; ESTALE if the thread is gone; EBADF.</returns>
        public ValueTask<SysResult> DemoteThreadAsync(int threadFd) => thread.Request(threadFd, ThreadCommand.Demote, default);

        /// <summary>The request of evl_switch_oob on a thread's element, by ioctl or oob_ioctl as this thread's stage is.</summary>
        /// <param name="threadFd">A descriptor of the thread's element.</param>
        /// <returns>0; EPERM for another thread than this one; ESTALE if the thread is gone; EBADF.</returns>
        public ValueTask<SysResult> SwitchOobAsync(int threadFd) => thread.Request(threadFd, ThreadCommand.SwitchOob, default);

        /// <summary>The request of evl_switch_inband on a thread's element, by ioctl or oob_ioctl as this thread's stage is.</summary>
        /// <param name="threadFd">A descriptor of the thread's element.</param>
        /// <returns>0; EPERM for another thread than this one; ESTALE if the thread is gone; EBADF.</returns>
        public ValueTask<SysResult> SwitchInbandAsync(int threadFd) => thread.Request(threadFd, ThreadCommand.SwitchInband, default);

        /// <summary>Sets mode bits of this thread; warnings alone choose SIGDEBUG as their means. evl_set_thread_mode, by ioctl or
        /// oob_ioctl as its stage is.</summary>
        /// <param name="threadFd">A descriptor of its element.</param>
        /// <param name="mask">The bits.</param>
        /// <returns>The old bits; EINVAL for HMOBS and unknown bits; EPERM for another thread's; ESTALE; EBADF.</returns>
        public ValueTask<SysResult> SetThreadModeAsync(int threadFd, EvlThreadMode mask) => thread.ChangeMode(threadFd, ThreadCommand.SetMode, mask);

        /// <summary>Clears mode bits of this thread; the last warning takes the means with it, the last means the warnings.
        /// evl_clear_thread_mode, by ioctl or oob_ioctl as its stage is.</summary>
        /// <param name="threadFd">A descriptor of its element.</param>
        /// <param name="mask">The bits.</param>
        /// <returns>The old bits; EINVAL for unknown bits; EPERM for another thread's; ESTALE; EBADF.</returns>
        public ValueTask<SysResult> ClearThreadModeAsync(int threadFd, EvlThreadMode mask) => thread.ChangeMode(threadFd, ThreadCommand.ClearMode, mask);

        /// <summary>Reads an EVL thread's state as <c>struct evl_thread_state</c>: policy, priority and 8 bytes of its class, cpu, state,
        /// isw, csw, sc and rwa in 4 bytes each, xtime in 8. evl_get_state, by ioctl or oob_ioctl as this thread's stage is.</summary>
        /// <param name="threadFd">A descriptor of the thread's element.</param>
        /// <param name="state">48 bytes.</param>
        /// <returns>0; EFAULT; ESTALE if the thread is gone; EBADF.</returns>
        public ValueTask<SysResult> GetThreadStateAsync(int threadFd, UserBuffer state) => thread.Request(threadFd, ThreadCommand.GetState, state);

        private ValueTask<SysResult> Request(int threadFd, uint command, UserBuffer argument) =>
            thread.Submit(SyscallNumber.ElementRequest, threadFd, argument, command, 0, 0, null, default);

        private async ValueTask<SysResult> ChangeMode(int threadFd, uint command, EvlThreadMode mask)
        {
            byte[] argument = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(argument, (uint)mask);
            SysResult result = await thread.Request(threadFd, command, argument).ConfigureAwait(true);
            return result.IsError ? result : BinaryPrimitives.ReadUInt32LittleEndian(argument);
        }
    }
}

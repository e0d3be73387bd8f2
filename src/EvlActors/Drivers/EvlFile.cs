using System.Runtime.CompilerServices;
using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// An open file as its driver sees it, from open to release. Counterpart of <c>struct file</c> with its
/// <c>struct evl_file</c> (include/evl/file.h). Used in handlers of its device only.
/// </summary>
public sealed class EvlFile
{
    private FileRequest? _release; // of an oob file: made with it, so that its end needs no memory
    private bool _releaseAsked;

    internal EvlFile(OpenFileRef file, OpenFlags flags)
    {
        Ref = file;
        OpenFlags = flags;
    }

    /// <summary>The open file's number in the machine's events.</summary>
    public long Id => Ref.Id;

    /// <summary>The number of the node that was opened, whose minor tells a driver of several nodes which; 0:0 if the node has
    /// none, or the file was made without a node. <c>iminor(inode)</c>.</summary>
    public DeviceNumber Number => Ref.Number;

    /// <summary>The flags that it was opened with; the flags in force are stamped on each call.</summary>
    public OpenFlags OpenFlags { get; }

    /// <summary>Whatever the driver keeps per open file; filp->private_data.</summary>
    public object? PrivateData { get; set; }

    /// <summary>Whether it has an oob context; filp->oob_data is set.</summary>
    public bool IsOob { get; private set; }

    /// <summary>Whether its release handler has begun: oob calls of this file can't fall asleep any more.</summary>
    public bool IsReleasing { get; internal set; }

    internal OpenFileRef Ref { get; }

    internal DeviceActor Device { get; set; } = null!; // set by the device that makes it

    // The list of the device's open files; owned by the device.
    internal EvlFile? Next;
    internal EvlFile? Previous;

    /// <summary>Those who watch it; owned by the device.</summary>
    internal PollRegistration? Watches;

    /// <summary>
    /// Makes the file known out-of-band, with one oob reference that <see cref="ReleaseOob"/> gives back. Counterpart of
    /// <c>evl_open_file</c>. In the open handler, or before a file made by an ioctl is installed; never blocks.
    /// </summary>
    /// <exception cref="InvalidOperationException">The file is open already, or it was called before.</exception>
    public void OpenOob()
    {
        if (IsOob || !IsOpening)
            throw new InvalidOperationException("OpenOob is called once, in the open handler or before the file is installed.");
        IsOob = true;
        _release = new FileRequest { Kind = FileRequestKind.ReleaseFile, Waiter = this, File = Ref };
    }

    /// <summary>Refuses lseek, pread and pwrite with ESPIPE. Counterpart of <c>nonseekable_open</c>; while it is opened or made.</summary>
    /// <exception cref="InvalidOperationException">The file is open already.</exception>
    public void NonSeekable() => Add(FileModes.NonSeekable);

    /// <summary>As <see cref="NonSeekable"/>, and the file has no position: each call's is 0 and none is kept. Counterpart of
    /// <c>stream_open</c>; while it is opened or made.</summary>
    /// <exception cref="InvalidOperationException">The file is open already.</exception>
    public void Stream() => Add(FileModes.NonSeekable | FileModes.Stream);

    /// <summary>pread and pwrite are refused, lseek is not: a file that the kernel made for itself.</summary>
    internal void NotPositioned() => Add(FileModes.NotPositioned);

    /// <summary>Accepts O_DIRECT, in open and F_SETFL, which is EINVAL otherwise. Counterpart of FMODE_CAN_ODIRECT; while it is
    /// opened or made.</summary>
    /// <exception cref="InvalidOperationException">The file is open already.</exception>
    public void AllowDirectIo() => Add(FileModes.DirectIo);

    /// <summary>
    /// Gives the first oob reference back and waits until no oob call and no other holder has one; not interruptible.
    /// Counterpart of <c>evl_release_file</c>. Called in the release handler, after waking the file's sleepers and before
    /// anything is dismantled. A file without oob context is released at once.
    /// </summary>
    /// <returns>Awaited: nothing.</returns>
    /// <exception cref="InvalidOperationException">It was called before, or outside the release handler.</exception>
    public ReleaseWait ReleaseOob()
    {
        if (!IsReleasing || _releaseAsked)
            throw new InvalidOperationException("ReleaseOob is called once, in the release handler.");
        _releaseAsked = true;
        if (_release is { } release)
        {
            release.ReplyTo = Device.Self;
            release.ReplyRank = Rank.InBand;
            // First, so that nobody who hears of the request sees the thread run.
            if (Device.TurnContext is { Call: { } call } context)
            {
                Releaser = call.Thread;
                Device.Waits.TellSleep(context, isInterruptible: false);
            }
            // In-band-ranked, so every take and every oob call that is on its way to the file is handled before.
            Ref.Actor.Tell(release, Rank.InBand);
        }
        return new ReleaseWait(this);
    }

    internal bool IsOpening { get; set; } = true;

    internal FileModes Modes { get; private set; }

    private bool IsReleasedOob { get; set; }

    private Resumption? Waiting { get; set; }

    // Whose call waits for the release: it sleeps uninterruptibly.
    private ThreadInfo? Releaser { get; set; }

    private void Add(FileModes modes)
    {
        if (!IsOpening)
            throw new InvalidOperationException("What a file can do is said in its open handler, or before it is installed.");
        Modes |= modes;
    }

    /// <summary>The answer to ReleaseOob, in a turn of the device.</summary>
    internal void ReleasedOob()
    {
        IsReleasedOob = true;
        Resumption? waiting = Waiting;
        Waiting = null;
        Releaser?.Runs();
        Releaser = null;
        waiting?.Resume();
    }

    /// <summary>What <see cref="ReleaseOob"/> returns, to be awaited at once.</summary>
    public readonly struct ReleaseWait
    {
        private readonly EvlFile _file;

        internal ReleaseWait(EvlFile file) => _file = file;

        /// <summary>Used by <c>await</c>.</summary>
        /// <returns>The awaiter.</returns>
        public Awaiter GetAwaiter() => new(_file);
    }

    /// <summary>Used by <c>await</c>.</summary>
    public readonly struct Awaiter : ICriticalNotifyCompletion, IActorAwaiter
    {
        private readonly EvlFile _file;

        internal Awaiter(EvlFile file) => _file = file;

        /// <summary>Used by <c>await</c>.</summary>
        public bool IsCompleted => !_file.IsOob || _file.IsReleasedOob;

        /// <summary>Used by <c>await</c>.</summary>
        public void GetResult()
        {
        }

        /// <summary>Refused: only handlers wait.</summary>
        /// <param name="continuation">Not used.</param>
        /// <exception cref="InvalidOperationException">Always.</exception>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <summary>Refused: only handlers wait.</summary>
        /// <param name="continuation">Not used.</param>
        /// <exception cref="InvalidOperationException">Always.</exception>
        public void UnsafeOnCompleted(Action continuation) =>
            throw new InvalidOperationException("ReleaseOob is awaited in the release handler, a method that returns IoTask.");

        void IActorAwaiter.Suspend(Resumption handler) => _file.Waiting = handler;
    }
}

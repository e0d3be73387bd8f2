using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// The open files that a driver tells of its events by a signal, SIGIO unless F_SETSIG says otherwise. Counterpart of
/// <c>struct fasync_struct *</c>. A driver has one list for each kind of event; used in turns of its device.
/// </summary>
/// <remarks>
/// The fasync handler is one line, <c>return list.FasyncHelper(call.Fd, call.File, call.AsyncOn)</c>. A driver that has one
/// need not do more: before the release of a file that has FASYNC set the handler is called with it off.
/// </remarks>
public sealed class FasyncList
{
    private Entry? _first;

    /// <summary>Whether no file is in the list.</summary>
    public bool IsEmpty => _first is null;

    /// <summary>
    /// Puts a file into the list, or takes it out; FASYNC of the file follows. A file that is in the list already only gets the
    /// new descriptor. Counterpart of <c>fasync_helper</c>; never blocks.
    /// </summary>
    /// <param name="fd">The descriptor that the signals name; later changes of it, as by close or dup, do not count.</param>
    /// <param name="file">The file.</param>
    /// <param name="on">True: put in; false: take out.</param>
    /// <returns>1 if the list has changed, 0 if not; ENOMEM.</returns>
    /// <exception cref="InvalidOperationException">The file was made by a handler and is not installed yet.</exception>
    public SysResult FasyncHelper(int fd, EvlFile file, bool on)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Ref.Actor is null)
            throw new InvalidOperationException("A file that nobody can use yet is told of nothing: install it first.");
        return on ? Insert(fd, file) : Remove(file);
    }

    /// <summary>
    /// Tells the owner of each file in the list of an event, by the signal that the file's F_SETSIG chose, with descriptor, code
    /// and band; plain SIGIO if it chose none or if that signal can't be queued. A file without owner is passed over.
    /// Counterpart of <c>kill_fasync</c>; from any handler, timers included, never blocks. An in-band call is answered when the
    /// signals of its handler are with their threads, or pending: a caller that notifies itself has its signal handler run first.
    /// </summary>
    /// <param name="signal">SIGIO. It selects nothing; SIGURG is not told to those who chose no signal.</param>
    /// <param name="code">What happened.</param>
    /// <exception cref="ArgumentOutOfRangeException">The code is none of POLL_IN to POLL_HUP.</exception>
    public void KillFasync(Signal signal, PollCode code)
    {
        if (!code.IsValid())
            throw new ArgumentOutOfRangeException(nameof(code), code, "An event is one of POLL_IN to POLL_HUP.");
        if (_first is null)
            return;
        // Out-of-band nobody waits for in-band work; an interrupt has no call.
        IoCall? waiter = AsyncActor.Current?.TurnContext is IoCall { IsOob: false } call ? call : null;
        for (Entry? entry = _first; entry is not null; entry = entry.Next)
        {
            OpenFileRef file = entry.File.Ref;
            KillFasync kill = file.RentKill();
            kill.Named = signal;
            kill.Code = code;
            kill.Fd = entry.Fd;
            kill.Notifier = waiter?.Device.Self;
            kill.Waiter = waiter;
            if (waiter is not null)
                waiter.Unsettled++;
            file.Actor.Tell(kill, Rank.Head);
        }
    }

    private SysResult Insert(int fd, EvlFile file)
    {
        Entry? entry = _first;
        while (entry is not null && entry.File != file)
            entry = entry.Next;
        bool isNew = entry is null;
        if (isNew && file.Device.Context.ShouldFail(FaultPoint.Allocation, null, "an entry of a fasync list"))
            return Errno.ENOMEM;
        if (entry is null)
            _first = new Entry(file) { Fd = fd, Next = _first };
        else
            entry.Fd = fd;
        file.Ref.Actor.Tell(new SetFasync(on: true, fd), Rank.Head);
        return isNew ? 1 : 0;
    }

    private SysResult Remove(EvlFile file)
    {
        Entry? previous = null;
        Entry? entry = _first;
        while (entry is not null && entry.File != file)
        {
            previous = entry;
            entry = entry.Next;
        }
        if (entry is null)
            return 0;
        if (previous is null)
            _first = entry.Next;
        else
            previous.Next = entry.Next;
        file.Ref.Actor.Tell(new SetFasync(on: false, entry.Fd), Rank.Head);
        return 1;
    }

    private sealed class Entry(EvlFile file)
    {
        internal EvlFile File { get; } = file;

        internal int Fd { get; set; }

        internal Entry? Next { get; set; }
    }
}

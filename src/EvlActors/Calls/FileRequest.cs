using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// Asks for, or gives back, an oob reference of an open file on behalf of a driver, or installs one that it made; comes back to <see cref="ReplyTo"/> as its
/// own answer. GetFile goes through the oob stage,
/// InstallFile to the fd table, the rest straight to the file.
/// </summary>
internal sealed class FileRequest : Message
{
    internal FileRequestKind Kind;

    /// <summary>Whom the answer goes to, at <see cref="ReplyRank"/>.</summary>
    internal ActorRef ReplyTo = null!; // set when rented

    internal Rank ReplyRank;

    /// <summary>The handler that waits, as its actor knows it.</summary>
    internal object? Waiter;

    // GetFile: where to look. InstallFile: the number, as part of the answer.
    internal FilesTable? Files;
    internal int Fd;

    // InstallFile: what the file is made with, and the call that makes it, for events.
    internal OpenFlags Flags;
    internal FileModes Modes;
    internal Call? Call;

    /// <summary>The file; null as an answer: there is none.</summary>
    internal OpenFileRef? File;

    /// <summary>The device's own handle of the file; part of the answer.</summary>
    internal object? Handle;

    internal Errno Errno;

    private bool _isAnswer;

    /// <summary>Sends the request back as its own answer.</summary>
    internal void Answer(Errno errno)
    {
        Errno = errno;
        _isAnswer = true;
        ReplyTo.Tell(this, ReplyRank);
    }

    /// <summary>
    /// Answered: there is no such file any more. An answer whose asker has gone gives the reference back that it brings; a
    /// reference that is given back to a file that has gone is nobody's.
    /// </summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        bool isLostReference = _isAnswer && File is not null && Kind is FileRequestKind.GetFile;
        if (isLostReference)
        {
            Kind = FileRequestKind.PutFile;
            File!.Actor.Tell(this, Rank.InBand); // tested
        }
        else if (!_isAnswer && Kind != FileRequestKind.PutFile)
        {
            File = null;
            Answer(Errno.EBADF);
        }
    }
}

using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// One file that is asked what it is ready for, and that may be watched from then on. Owned by its asker and used again and
/// again: it goes to the file and its device and comes back as its own answer. Asking and watching are one turn of the device,
/// so nothing is lost in between. Counterpart of <c>struct poll_table_entry</c> and of <c>struct evl_poll_watchpoint</c>.
/// </summary>
/// <remarks>
/// Every hop, and every notice, has the same rank: so a notice that was posted is received before the answer that ends its
/// watch, and can be used again after it.
/// </remarks>
internal sealed class PollQuery : Message
{
    /// <summary>What a file whose device has failed answers.</summary>
    internal const PollEvents OfFailed = PollEvents.Err | PollEvents.Hup | PollEvents.Default;

    internal PollQuery(ActorRef asker, IPollAsker owner)
    {
        Asker = asker;
        Owner = owner;
        Ready = new PollNotice(this);
    }

    /// <summary>The actor that asks.</summary>
    internal ActorRef Asker { get; }

    /// <summary>Who hears of answers and notices there.</summary>
    internal IPollAsker Owner { get; }

    /// <summary>Posted by the device when the file is woken.</summary>
    internal PollNotice Ready { get; }

    /// <summary>Posted by whoever knows first that the watch is over: the oob stage, or the device of a released file.</summary>
    internal PollNotice Closed => _closed ??= new PollNotice(this);

    private PollNotice? _closed;

    internal PollStep Step;

    /// <summary>The rank of all its hops and notices; set before it is first sent, not changed while it watches.</summary>
    internal Rank AskRank;

    /// <summary>The call on whose behalf it asks, for the events; null: none.</summary>
    internal Call? Call;

    // Where to ask.
    internal FilesTable? Files;
    internal int Fd;

    /// <summary>The file that is watched, or that was found; no right to use it without a reference.</summary>
    internal OpenFileRef? File;

    /// <summary>Whether it is asked out-of-band: by oob_poll, through the oob stage's index.</summary>
    internal bool IsOob;

    /// <summary>Whether the file is watched from this question on.</summary>
    internal bool Watches;

    /// <summary>Whether a reference is taken and held until the watch ends.</summary>
    internal bool Holds;

    /// <summary>Whether <see cref="Ready"/> goes to the device with this question, which then forgets what happened before.</summary>
    internal bool Arms;

    /// <summary>What the asker is interested in.</summary>
    internal PollEvents Events;

    /// <summary>The answer: what the file is ready for; NVAL if there is no such file; after a watch, what happened unnoticed.</summary>
    internal PollEvents Mask;

    /// <summary>The answer: the file is being released, or has been.</summary>
    internal bool IsGone;

    /// <summary>The asker's own place for it.</summary>
    internal int Index;

    /// <summary>Whether a reference is held; set by the open file.</summary>
    internal bool IsHeld;

    /// <summary>Whether the device watches for it; set by the device.</summary>
    internal bool IsRegistered;

    /// <summary>The device's side of the watch, made at the first one; owned by the device that watches.</summary>
    internal object? Registration;

    /// <summary>The device's own handle of the file; stamped by the open file.</summary>
    internal object? Handle;

    // The watchers of one number of one table; owned by the oob stage.
    internal bool IsIndexed;
    internal PollQuery? IndexNext;
    internal PollQuery? IndexPrevious;

    /// <summary>Asks the file of a descriptor, looked up now.</summary>
    internal void AskNumber(ActorRef resolver)
    {
        Caller = Call?.Caller;
        Step = PollStep.TableLookUp;
        IsGone = false;
        if (Watches)
            File = null;
        resolver.Tell(this, AskRank);
    }

    /// <summary>Asks a file that was found before, on behalf of a caller.</summary>
    internal void AskFile(Caller? caller)
    {
        Caller = caller;
        IsGone = false;
        PassTo(File!, PollStep.FileAsk); // found before
    }

    /// <summary>Ends the watch and gives the reference back; answered when what this led to has ended.</summary>
    /// <param name="index">The oob stage, if the query went through it; else null.</param>
    internal void Forget(ActorRef? index)
    {
        Mask = PollEvents.None;
        if (index is not null)
        {
            Step = PollStep.OobForget;
            index.Tell(this, AskRank);
        }
        else
        {
            ForgetAtDevice();
        }
    }

    /// <summary>The next place of the way back: the device, if it watches.</summary>
    internal void ForgetAtDevice()
    {
        if (IsRegistered)
        {
            Step = PollStep.DeviceForget;
            File!.Device.Actor.Tell(this, AskRank); // what is registered has a file
        }
        else
        {
            ForgetAtFile();
        }
    }

    /// <summary>The last place of the way back: the file, if a reference is held.</summary>
    internal void ForgetAtFile()
    {
        if (IsHeld)
            PassTo(File!, PollStep.FileForget); // what is held is a file
        else
            Answer(Mask);
    }

    /// <summary>A table has found the file.</summary>
    internal void Found(OpenFileRef file)
    {
        if (Watches)
            File = file;
        PassTo(file, PollStep.FileAsk);
    }

    internal void Answer(PollEvents mask)
    {
        Mask = mask;
        Step = PollStep.Answered;
        Asker.Tell(this, AskRank);
    }

    internal void AnswerGone()
    {
        IsGone = true;
        Answer(PollEvents.Nval);
    }

    /// <summary>Goes on from where an actor has ended: a file that is gone, a device that has failed.</summary>
    protected internal override void Undeliverable(UndeliverableReason reason)
    {
        if (reason == UndeliverableReason.EngineDisposed)
            return;
        switch (Step)
        {
            case PollStep.TableLookUp:
            case PollStep.FileAsk:
                AnswerGone();
                break;
            case PollStep.DeviceAsk:
                Answer(OfFailed);
                break;
            case PollStep.OobForget:
                ForgetAtDevice();
                break;
            case PollStep.DeviceForget:
                IsRegistered = false;
                ForgetAtFile();
                break;
            case PollStep.FileForget:
                IsHeld = false;
                Answer(Mask);
                break;
        }
    }

    private void PassTo(OpenFileRef file, PollStep step)
    {
        Step = step;
        file.Actor.Tell(this, AskRank);
    }
}

namespace EvlActors.Drivers;

/// <summary>
/// What a driver's poll operation is called with: it names everything whose wake-up can change the answer, then computes the
/// answer. Counterpart of <c>poll_table</c> and of the arguments of <c>oob_poll</c>. Valid during that call.
/// </summary>
public sealed class PollTable
{
    private EvlFile? _file;
    private PollRegistration? _registration;

    internal PollTable()
    {
    }

    /// <summary>The open file that is polled.</summary>
    /// <exception cref="InvalidOperationException">The poll operation has returned.</exception>
    public EvlFile File => _file ?? throw Ended();

    /// <summary>What the poller is interested in. <c>poll_requested_events</c>.</summary>
    public PollEvents Requested { get; private set; }

    /// <summary>Whether it is asked out-of-band, by an EVL poll set.</summary>
    public bool IsOutOfBand { get; private set; }

    /// <summary>Names a wait queue whose wake-ups the poller hears of. <c>poll_wait</c>; never sleeps.</summary>
    /// <param name="queue">The queue.</param>
    public void PollWait(WaitQueueHead queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        Watch(queue.Pollers);
    }

    /// <summary>Names an EVL wait queue whose wake-ups the poller hears of; never sleeps.</summary>
    /// <param name="queue">The queue.</param>
    public void PollWait(WaitQueue queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        Watch(queue.Pollers);
    }

    /// <summary>
    /// Names a poll head whose signals the poller hears of. <c>evl_poll_watch</c>; never sleeps. Naming a head twice does
    /// nothing, nor does naming one for a poller that won't sleep.
    /// </summary>
    /// <param name="head">The head.</param>
    /// <exception cref="InvalidOperationException">The poll operation has returned.</exception>
    public void Watch(PollHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        if (_file is null)
            throw Ended();
        _registration?.Watch(head);
    }

    internal void Begin(EvlFile file, PollEvents requested, bool isOob, PollRegistration? registration)
    {
        _file = file;
        Requested = requested;
        IsOutOfBand = isOob;
        _registration = registration;
    }

    internal void End()
    {
        _file = null;
        _registration = null;
    }

    private static InvalidOperationException Ended() =>
        new("A poll table is valid during the poll operation that it was passed to.");
}

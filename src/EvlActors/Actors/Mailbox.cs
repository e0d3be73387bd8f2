namespace EvlActors.Actors;

/// <summary>
/// The queue of one actor: highest rank first, within a rank in order of arrival. Owned by the actor's lane, so it has no
/// atomics; allocates nothing, as messages link to each other. Head and in-band are plain queues; the oob ranks share one
/// list kept sorted, which is short: a thread has one call under way.
/// </summary>
internal struct Mailbox
{
    private Message? _headFirst;
    private Message? _headLast;
    private Message? _oobFirst;
    private Message? _oobLast;
    private Message? _inBandFirst;
    private Message? _inBandLast;

    public readonly bool IsEmpty => _headFirst is null && _oobFirst is null && _inBandFirst is null;

    /// <summary>The level of the message that <see cref="Dequeue"/> would return; the mailbox is not empty.</summary>
    public readonly int FirstLevel => _headFirst is not null ? 0 : _oobFirst?.Rank.Level ?? Rank.Levels - 1;

    /// <summary>The message that <see cref="Dequeue"/> would return, or null.</summary>
    public readonly Message? First => _headFirst ?? _oobFirst ?? _inBandFirst;

    public void Enqueue(Message message)
    {
        message.Next = null;
        int level = message.Rank.Level;
        if (level == Rank.Levels - 1)
            Append(ref _inBandFirst, ref _inBandLast, message);
        else if (level == 0)
            Append(ref _headFirst, ref _headLast, message);
        else if (_oobLast is null || _oobLast.Rank.Level <= level)
            Append(ref _oobFirst, ref _oobLast, message);
        else
            InsertOob(message, level);
    }

    public Message Dequeue()
    {
        if (_headFirst is not null)
            return Remove(ref _headFirst, ref _headLast);
        if (_oobFirst is not null)
            return Remove(ref _oobFirst, ref _oobLast);
        return Remove(ref _inBandFirst, ref _inBandLast);
    }

    private static void Append(ref Message? first, ref Message? last, Message message)
    {
        if (last is null)
            first = message;
        else
            last.Next = message;
        last = message;
    }

    private static Message Remove(ref Message? first, ref Message? last)
    {
        Message message = first ?? throw new InvalidOperationException("The mailbox is empty.");
        first = message.Next;
        if (first is null)
            last = null;
        message.Next = null;
        return message;
    }

    // The last queued message ranks lower than this one, so an insertion point exists before it.
    private void InsertOob(Message message, int level)
    {
        Message? before = null;
        Message? at = _oobFirst;
        while (at is not null && at.Rank.Level <= level)
        {
            before = at;
            at = at.Next;
        }
        message.Next = at;
        if (before is null)
            _oobFirst = message;
        else
            before.Next = message;
    }
}

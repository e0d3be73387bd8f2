namespace EvlActors.Drivers;

/// <summary>The contexts of a device whose handlers have begun and not ended, the latest first. Owned by the device.</summary>
internal struct ContextList
{
    internal IoContext? First { get; private set; }

    internal void Add(IoContext context)
    {
        context.ActivePrevious = null;
        context.ActiveNext = First;
        if (First is not null)
            First.ActivePrevious = context;
        First = context;
    }

    /// <summary>Removes one; nothing happens if it is not in the list.</summary>
    internal void Remove(IoContext context)
    {
        if (context.ActivePrevious is not null)
            context.ActivePrevious.ActiveNext = context.ActiveNext;
        else if (First == context)
            First = context.ActiveNext;
        if (context.ActiveNext is not null)
            context.ActiveNext.ActivePrevious = context.ActivePrevious;
        context.ActiveNext = null;
        context.ActivePrevious = null;
    }
}

using EvlActors.Calls;

namespace EvlActors.OutOfBand;

/// <summary>Who polls a descriptor number of a table out-of-band: told POLLNVAL when the number is closed or refers to another file.</summary>
internal static class NumberWatch
{
    internal static void Begin(PollQuery query)
    {
        FilesTable table = query.Files!; // a look-up names its table
        if (query.Fd >= table.OobWatchers.Length)
            Array.Resize(ref table.OobWatchers, table.OobIndex.Length);
        ref PollQuery? first = ref table.OobWatchers[query.Fd];
        query.IsIndexed = true;
        query.IndexPrevious = null;
        query.IndexNext = first;
        if (first is not null)
            first.IndexPrevious = query;
        first = query;
    }

    internal static void End(PollQuery query)
    {
        if (!query.IsIndexed)
            return;
        if (query.IndexPrevious is null)
            query.Files!.OobWatchers[query.Fd] = query.IndexNext; // what watches was looked up in a table
        else
            query.IndexPrevious.IndexNext = query.IndexNext;
        if (query.IndexNext is not null)
            query.IndexNext.IndexPrevious = query.IndexPrevious;
        query.IndexNext = null;
        query.IndexPrevious = null;
        query.IsIndexed = false;
    }

    internal static void Tell(FilesTable table, int fd)
    {
        while ((uint)fd < (uint)table.OobWatchers.Length && table.OobWatchers[fd] is { } query)
        {
            End(query);
            query.Closed.Bits = PollEvents.Nval;
            query.Asker.Tell(query.Closed, query.AskRank);
        }
    }
}

using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>The poll side of a device: asks its driver, and keeps the watches of its files. In turns of the device.</summary>
internal sealed class DevicePolls
{
    private readonly PollTable _table = new();

    /// <summary>Ends a watch; its query goes on to give the file back.</summary>
    internal static void Forget(PollQuery query)
    {
        if (query.IsRegistered)
            query.Mask |= RegistrationOf(query).Detach();
        query.ForgetAtFile();
    }

    /// <summary>A notice has come back to be posted again.</summary>
    internal static void Returned(PollNotice notice) => RegistrationOf(notice.Query).Returned(notice);

    /// <summary>The release of a file begins: nobody watches it any longer.</summary>
    internal static void Released(EvlFile file)
    {
        for (PollRegistration? watch = file.Watches; watch is not null;)
        {
            PollRegistration? next = watch.Next;
            watch.FileReleased();
            watch = next;
        }
    }

    /// <summary>The device has failed: whoever watches one of its files is told.</summary>
    internal static void Failed(EvlFile? files)
    {
        for (EvlFile? file = files; file is not null; file = file.Next)
        {
            for (PollRegistration? watch = file.Watches; watch is not null; watch = watch.Next)
                watch.Signal(PollQuery.OfFailed);
        }
    }

    /// <summary>Runs the driver's poll operation, watching from this turn on if the query says so.</summary>
    internal PollEvents Ask(CharDevice driver, PollQuery query)
    {
        var file = (EvlFile)query.Handle!; // stamped by the open file
        bool isFirst = query is { Watches: true, IsRegistered: false };
        if (query.Watches)
            RegistrationOf(query).Attach(file);
        // Registered once: in later rounds the table is inactive.
        _table.Begin(file, query.Events, query.IsOob, isFirst ? RegistrationOf(query) : null);
        try
        {
            return query.IsOob ? driver.OobPoll(_table) : driver.Poll(_table);
        }
        finally
        {
            _table.End();
        }
    }

    private static PollRegistration RegistrationOf(PollQuery query) =>
        (PollRegistration)(query.Registration ??= new PollRegistration(query));
}

using EvlActors.Actors;

namespace EvlActors.Calls;

/// <summary>
/// What a table has under one number. Beside the file stands what a call will touch of it: of one file among very many nothing is in
/// any cache, and from here all is fetched at once, not one after the other.
/// </summary>
internal struct FdSlot(OpenFileRef file, bool closeOnExec)
{
    private readonly ActorRef _actor = file.Actor;
    private readonly object? _behind = file.Behind;

    internal OpenFileRef? File { get; } = file;

    internal bool CloseOnExec { get; set; } = closeOnExec;

    /// <summary>A call is about to go to the file.</summary>
    internal readonly void BringNear()
    {
        Near.Bring(File, lines: 2);
        Near.Bring(_actor, lines: 2);
        Near.Bring(_behind, lines: 3);
    }
}

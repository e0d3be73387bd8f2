using EvlActors.Actors;
using EvlActors.Calls;

namespace EvlActors.Drivers;

/// <summary>
/// An oob reference on an open file, taken by <c>evl_get_file</c>: the file's release waits for it. Owned by the device that
/// took it, put by <see cref="Put"/> or <see cref="Dispose"/>, or for the device when that stops.
/// </summary>
public sealed class EvlFileReference : IDisposable
{
    private readonly FileRequest _request;
    private readonly DeviceActor _owner;
    private bool _isPut;

    internal EvlFileReference(DeviceActor owner, FileRequest request)
    {
        _owner = owner;
        _request = request;
        File = request.File!; // answered with a file
        Handle = request.Handle;
        owner.Held.Add(this);
    }

    /// <summary>The open file's number in the machine's events.</summary>
    public long FileId => File.Id;

    internal OpenFileRef File { get; }

    /// <summary>The handle that the file's own device keeps.</summary>
    internal object? Handle { get; }

    /// <summary>Gives the reference back. Counterpart of <c>evl_put_file</c>; in a turn of the device, never blocks.</summary>
    /// <exception cref="InvalidOperationException">It was given back before: a bug that would free the file under others.</exception>
    public void Put()
    {
        if (_isPut)
            throw new InvalidOperationException("This reference was put before; each evl_get_file is put once.");
        Dispose();
    }

    /// <summary>Gives the reference back; a second call does nothing.</summary>
    public void Dispose()
    {
        if (_isPut)
            return;
        _isPut = true;
        _owner.Held.Remove(this);
        _request.Kind = FileRequestKind.PutFile;
        _request.Waiter = null;
        File.Actor.Tell(_request, Rank.InBand);
    }
}

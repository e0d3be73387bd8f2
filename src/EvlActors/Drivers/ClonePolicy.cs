namespace EvlActors.Drivers;

/// <summary>A private device for each key.</summary>
internal sealed class ClonePolicy<TState>(Func<IoCall, long> key, Func<TState> make, bool persists) : OpenPolicy
    where TState : class
{
    private readonly Dictionary<long, Clone> _clones = [];

    // The closer's key may be another than the opener's: the file was handed on.
    private readonly Dictionary<EvlFile, Clone> _cloneOf = [];

    /// <inheritdoc/>
    protected internal override IoTask Enter(IoCall call)
    {
        long whose = key(call);
        if (whose == 0)
            return SysResult.Error(Errno.EINVAL);
        // Look-up and insertion are one turn: opens with the same key share one clone.
        if (!_clones.TryGetValue(whose, out Clone? clone))
        {
            try
            {
                clone = new Clone(whose, make());
            }
            catch (OutOfMemoryException)
            {
                return SysResult.Error(Errno.ENOMEM);
            }
            _clones.Add(whose, clone);
        }
        clone.Files++;
        _cloneOf.Add(call.File, clone);
        call.File.PrivateData = clone.State;
        return SysResult.Ok();
    }

    /// <inheritdoc/>
    protected internal override void Opened(EvlFile file) => _cloneOf[file].WasOpen = true;

    /// <inheritdoc/>
    protected internal override void Leave(EvlFile file)
    {
        _cloneOf.Remove(file, out Clone? clone);
        clone!.Files--; // who leaves has entered
        if (clone.Files == 0 && !(persists && clone.WasOpen))
            _clones.Remove(clone.Key);
    }

    private sealed class Clone(long key, TState state)
    {
        internal long Key { get; } = key;

        internal TState State { get; } = state;

        internal int Files;

        /// <summary>Whether an open of it has succeeded: one that only failed opens have seen leaves no trace.</summary>
        internal bool WasOpen;
    }
}

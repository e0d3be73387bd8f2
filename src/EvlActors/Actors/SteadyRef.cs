using System.Runtime.CompilerServices;

namespace EvlActors.Actors;

/// <summary>
/// A field that is set and cleared with every use and mostly set to what it was: then nothing is stored but a flag. Each store of a
/// reference costs a barrier of the garbage collector. What was cleared stays alive until something else is set.
/// </summary>
/// <typeparam name="T">What it refers to.</typeparam>
internal struct SteadyRef<T>
    where T : class
{
    private T? _last;
    private bool _isSet;

    internal T? Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => _isSet ? _last : null;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        set
        {
            if (value is null)
                _isSet = false;
            else
                Set(value);
        }
    }

    /// <summary>Sets it, where the compiler does not see that what it is set to is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Set(T value)
    {
        if (!ReferenceEquals(_last, value))
            _last = value;
        _isSet = true;
    }
}

namespace EvlActors.Drivers;

/// <summary>
/// Ends an atomic section when it is disposed of; made by <see cref="SpinLock"/>, <see cref="SeqLock"/>,
/// <see cref="RcuReadLock"/> and <see cref="IrqsOff"/>. Dispose of it in the turn that made it, before anything is awaited.
/// </summary>
public readonly struct AtomicSection : IDisposable
{
    private readonly IoContext _context;
    private readonly int _depth;

    internal AtomicSection(IoContext context, string what)
    {
        _context = context;
        _depth = context.Held.Count;
        context.Held.Add(what);
    }

    /// <summary>Ends the section.</summary>
    /// <exception cref="InvalidOperationException">Sections are ended in another order than they were begun.</exception>
    public void Dispose()
    {
        if (_context.Held.Count != _depth + 1)
            throw new InvalidOperationException("Atomic sections nest: end the one that was begun last first.");
        _context.Held.RemoveAt(_depth);
    }
}

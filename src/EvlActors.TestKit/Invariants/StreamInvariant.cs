using EvlActors.Calls;

namespace EvlActors.TestKit;

/// <summary>
/// Every byte that goes into a ring of a cross-buffer comes out once and in order. Of a transfer that faults, E-6: the reader's bytes are lost,
/// what the writer did not give reads as zeros.
/// </summary>
internal sealed class StreamInvariant(Action<Exception> report) : IInvariant, IRingWatch
{
    private readonly Dictionary<object, RingModel> _rings = [];

    public string Name => "bytes";

    public string? Happened(in MachineEvent happened) => null;

    public string? Ended() => null;

    public void Reserved(object ring, int start, int count, int size, bool isWrite)
    {
        if (!_rings.TryGetValue(ring, out RingModel? model))
            _rings.Add(ring, model = new RingModel(size));
        Check(model.Reserve(start, count, isWrite));
    }

    public void Written(object ring, int start, int count, ReadOnlySpan<byte> user, bool isWhole) =>
        Check(_rings[ring].Write(start, count, user, isWhole));

    public void Read(object ring, int start, int count, ReadOnlySpan<byte> user, bool isWhole) =>
        Check(_rings[ring].Read(start, count, user, isWhole));

    private void Check(string? what)
    {
        if (what is not null)
            report(new InvariantViolatedException(Name, what));
    }
}

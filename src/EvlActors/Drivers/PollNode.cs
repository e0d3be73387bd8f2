namespace EvlActors.Drivers;

/// <summary>The place of one watch in one poll head.</summary>
internal sealed class PollNode(PollRegistration registration)
{
    internal PollRegistration Registration { get; } = registration;

    internal PollHead? Head;

    internal PollNode? Next;

    internal PollNode? Previous;
}

namespace EvlActors;

/// <summary>What <see cref="FaultPoint.Handler"/> throws in the place of a handler.</summary>
public sealed class InjectedFaultException : Exception
{
    internal InjectedFaultException(FaultPoint point)
        : base($"Injected by {point}.")
    {
    }
}

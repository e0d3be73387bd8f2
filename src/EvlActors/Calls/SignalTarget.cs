namespace EvlActors.Calls;

/// <summary>To what a signal is sent.</summary>
internal enum SignalTarget : byte
{
    Thread,
    Process,
    Group,
}

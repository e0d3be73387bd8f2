namespace EvlActors.Calls;

/// <summary>A point that was met, whether it failed or not.</summary>
/// <param name="Point">The point.</param>
/// <param name="Call">The call that met it, or null.</param>
/// <param name="Where">Where, in words.</param>
internal readonly record struct FaultMet(FaultPoint Point, Call? Call, string Where);

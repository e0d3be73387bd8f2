namespace Latmus;

/// <summary>One answered shot of the timer.</summary>
/// <param name="IdealNs">The date at which the responder should have run.</param>
/// <param name="DeltaNs">How much later it ran; negative: earlier, as gravity may cause.</param>
/// <param name="Missed">The full periods that have passed in between.</param>
internal readonly record struct Shot(long IdealNs, long DeltaNs, long Missed);

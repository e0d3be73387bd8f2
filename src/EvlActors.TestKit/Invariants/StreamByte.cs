namespace EvlActors.TestKit;

/// <summary>A byte of a ring's stream.</summary>
/// <param name="Value">What its writer gave.</param>
/// <param name="IsThere">Whether it was written and not read yet.</param>
/// <param name="MayBeZero">Whether its writer faulted, so that it may read as zero.</param>
internal readonly record struct StreamByte(byte Value, bool IsThere, bool MayBeZero);

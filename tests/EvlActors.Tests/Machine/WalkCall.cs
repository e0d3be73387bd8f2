namespace EvlActors.Tests;

/// <summary>One step of a thread in a random walk: what it calls, and two small numbers that become descriptors, sizes, flags.</summary>
internal readonly record struct WalkCall(WalkOp Op, int A, int B)
{
    public override string ToString() => $"new(WalkOp.{Op}, {A}, {B})";
}

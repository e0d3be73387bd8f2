namespace EvlActors.Behaviour;

/// <summary>A message of the channel tests: torn ones show.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Check">Its number, inverted.</param>
public readonly record struct Sample(int Number, int Check)
{
    /// <summary>Its size.</summary>
    public const int Bytes = 8;

    /// <summary>Whether it is whole.</summary>
    public bool IsWhole => Check == ~Number;

    /// <summary>A whole message.</summary>
    public static Sample Of(int number) => new(number, ~number);

    /// <summary>Its bytes.</summary>
    public byte[] ToBytes() => [.. BitConverter.GetBytes(Number), .. BitConverter.GetBytes(Check)];
}

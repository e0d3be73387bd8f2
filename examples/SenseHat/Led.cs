namespace SenseHat;

/// <summary>How bright the three parts of one LED are driven, each 0 to 31.</summary>
internal readonly record struct Led(byte Red, byte Green, byte Blue)
{
    /// <summary>The highest level.</summary>
    public const int MaxLevel = 31;
}

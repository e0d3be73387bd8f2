namespace EvlActors;

/// <summary>The two execution stages of Dovetail.</summary>
public enum Stage
{
    /// <summary>In-band: Linux.</summary>
    InBand,
    /// <summary>Out-of-band: EVL.</summary>
    Oob,
}

namespace EvlActors.Hosting;

/// <summary>Names under which a machine's services are registered.</summary>
public static class EvlServices
{
    /// <summary>
    /// The key of the <see cref="System.TimeProvider"/> by which a machine's health is watched. The system's unless a host
    /// registers another under this key: one that it registers without a key, such as a fake clock, changes nothing here. The
    /// machine's own clocks are its engine's.
    /// </summary>
    public const string Clock = "evl";

    /// <summary>The name of the meter whose instruments <see cref="EvlBuilder.AddMetrics"/> adds.</summary>
    public const string MeterName = "EvlActors";

    /// <summary>The tag of the health check.</summary>
    public const string HealthTag = "evl";
}

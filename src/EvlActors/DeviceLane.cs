namespace EvlActors;

/// <summary>The lane that a device and its files live in, fixed when it is added.</summary>
public enum DeviceLane
{
    /// <summary><see cref="Oob"/> if the driver overrides an oob operation, else <see cref="InBand"/>.</summary>
    Auto,
    /// <summary>The in-band lane. A file that the driver marks oob works there too, at in-band latency.</summary>
    InBand,
    /// <summary>The out-of-band lane: in-band handlers of the device run there too and must be short.</summary>
    Oob,
    /// <summary>A lane of its own, under the rules of the one it would be in.</summary>
    Own,
}
